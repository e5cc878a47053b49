import { CfnResource, type IAspect, Stack } from "aws-cdk-lib/core"
import type { IConstruct } from "constructs"

/** CloudFormation allows 500 resources in a stack; what is left is room for one deployment to add and remove. */
export const resourcesMax = 450

/** Lets a synth fail when a stack comes near to what CloudFormation allows. */
export const resourceBudget: IAspect = {
  visit(node: IConstruct) {
    if (!Stack.isStack(node)) return
    const count = node.node.findAll().filter(found => CfnResource.isCfnResource(found)).length
    if (count > resourcesMax)
      throw new Error(
        `${node.stackName} has ${count} resources of at most ${resourcesMax}: move a context to a stack of its own`,
      )
  },
}
