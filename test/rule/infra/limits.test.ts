import { App, CfnResource, Stack } from "aws-cdk-lib/core"
import { describe, expect, test } from "vitest"
import { resourceBudget, resourcesMax } from "../../../infra/resourceBudget.ts"
import { templates } from "./stacks.ts"

const stackOf = (resources: number) => {
  const stack = new Stack(new App(), "Crowded")
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
    for (const { resources } of Object.values(templates()))
      expect(Object.keys(resources).length).toBeLessThan(resourcesMax / 2)
  })
})
