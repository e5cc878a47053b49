import { rmSync } from "node:fs"
import { Annotations, Match } from "aws-cdk-lib/assertions"
import { Aspects, CfnResource } from "aws-cdk-lib/core"
import { AwsSolutionsChecks } from "cdk-nag"
import { describe, expect, test } from "vitest"
import { stacks } from "./stacks.ts"

const built = stacks()
Aspects.of(built.cdk).add(new AwsSolutionsChecks({ logIgnores: true }))

describe.each(["stateful", "stateless"] as const)("the %s template", name => {
  const stack = built[name]
  const annotations = Annotations.fromStack(stack)
  const rule = Match.stringLikeRegexp("AwsSolutions-.*")

  test("has no finding of cdk-nag that is not excused", () => {
    const found = [...annotations.findError("*", rule), ...annotations.findWarning("*", rule)]
    expect(found.map(({ id, entry }) => `${id}: ${entry.data}`)).toEqual([])
  })

  test("excuses nothing that is not found", () => {
    const found = annotations.findInfo("*", rule).map(({ id, entry }) => `${id} ${entry.data}`)
    for (const resource of stack.node.findAll().filter(node => CfnResource.isCfnResource(node)))
      for (const { id } of resource.getMetadata("cdk_nag")?.rules_to_suppress ?? [])
        expect(
          found.filter(text => text.includes(`${resource.node.path} `) && text.includes(id)).length,
          id,
        ).toBeGreaterThan(0)
  })
})

test("the templates pass the validation of CloudFormation", () => {
  const context = { "@aws-cdk/core:validateAgainstDefaultRules": true }
  const { cdk } = stacks({ builtinCloudFormationValidation: true, context })
  const { directory } = cdk.synth()
  rmSync(directory, { recursive: true })
})
