import { CfnResource, RemovalPolicy } from "aws-cdk-lib/core"
import type { IConstruct } from "constructs"

/** Keeps a resource: it is retained when its stack goes, and has this logical id wherever its construct moves. */
export function keep(construct: IConstruct, logicalId: string): void {
  const resource = construct.node.defaultChild ?? construct
  if (!CfnResource.isCfnResource(resource)) throw new Error(`${construct.node.path} is no resource to keep`)
  resource.overrideLogicalId(logicalId)
  resource.applyRemovalPolicy(RemovalPolicy.RETAIN)
}
