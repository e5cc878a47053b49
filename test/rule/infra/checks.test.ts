import { rmSync } from "node:fs"
import { Annotations, Match } from "aws-cdk-lib/assertions"
import { App, Aspects, CfnResource, Stack } from "aws-cdk-lib/core"
import { AwsSolutionsChecks } from "cdk-nag"
import { describe, expect, test } from "vitest"
import { resourceBudget, resourcesMax } from "../../../infra/resourceBudget.ts"
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

test("the templates pass the validation of CloudFormation", { timeout: 60_000 }, () => {
  const context = { "@aws-cdk/core:validateAgainstDefaultRules": true }
  const { cdk } = stacks({ builtinCloudFormationValidation: true, context })
  const { directory } = cdk.synth()
  rmSync(directory, { recursive: true })
})

const stackOf = (resources: number) => {
  const stack = new Stack(new App({ stackTraces: false }), "Crowded")
  for (let index = 0; index < resources; index++) new CfnResource(stack, `R${index}`, { type: "Test::Some::Thing" })
  return stack
}

describe("a stack", () => {
  test("with too many resources fails the synth and says what to do", () =>
    expect(() => resourceBudget.visit(stackOf(resourcesMax + 1))).toThrow(
      `Crowded has ${resourcesMax + 1} resources of at most ${resourcesMax}: move a context to a stack of its own`,
    ))

  test("at the limit passes", () => expect(() => resourceBudget.visit(stackOf(resourcesMax))).not.toThrow())

  test("of this app leaves room to grow", () => {
    for (const stack of [built.stateful, built.stateless])
      expect(stack.node.findAll().filter(node => CfnResource.isCfnResource(node)).length).toBeLessThan(
        resourcesMax * 0.9,
      )
  })
})
