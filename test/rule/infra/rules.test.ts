import { describe, expect, test } from "vitest"
import { patternChunks, patternMax } from "../../../infra/busRule.ts"
import { projectedEvents, triggerOf } from "../../../infra/manifests.ts"
import { app } from "../../../src/contexts/index.ts"
import { ofType, templates } from "./stacks.ts"

const rules = ofType(templates().stateless.resources, "AWS::Events::Rule").map(([id, { Properties }]) => ({
  id,
  pattern: Properties.EventPattern,
  schedule: Properties.ScheduleExpression,
}))
const rule = (prefix: string) => rules.find(({ id }) => id.startsWith(prefix))

describe("the rules", () => {
  test("give each context its commands", () => {
    for (const { name } of app.contexts)
      expect(rule(`DomainBehavior${name}`)?.pattern).toEqual({
        source: ["foldline.actor"],
        "detail-type": [{ prefix: `${name}.` }],
      })
  })

  test("start an automation by its event, but by no replay", () => {
    for (const automation of app.contexts.flatMap(({ automations }) => automations))
      expect(rule(`Notifier${automation.name}`)?.pattern).toEqual({
        source: ["foldline.domain"],
        "detail-type": [triggerOf(app, automation)],
        "replay-name": [{ exists: false }],
      })
  })

  test("give the projections every event of their aggregates, so that versions come without a gap", () => {
    const types = rules
      .filter(({ id }) => id.startsWith("ProjectionEngine"))
      .flatMap(({ pattern }) => pattern["detail-type"])
    expect(types.sort()).toEqual([...projectedEvents(app)].sort())
    expect(types).toContain("accounts.AccountRenamed")
  })

  test("show everything to track and trace", () => {
    expect(rule("TrackAndTrace")?.pattern).toEqual({
      source: ["foldline.actor", "foldline.domain", "foldline.outcome"],
    })
  })

  test("know one schedule: the caretaker's hourly sweep", () => {
    expect(rules.flatMap(({ schedule }) => schedule ?? [])).toEqual(["rate(1 hour)"])
  })
})

describe("a pattern with many types", () => {
  const types = Array.from({ length: 300 }, (_, index) => `accounts.SomethingHasHappened${index}`)

  test("is split so that EventBridge takes each part", () => {
    const chunks = patternChunks(types)
    expect(chunks.flat()).toEqual(types)
    for (const chunk of chunks)
      expect(JSON.stringify({ source: ["foldline.domain"], "detail-type": chunk }).length).toBeLessThan(patternMax)
  })

  test("is not split when it fits", () => expect(patternChunks(types.slice(0, 10))).toHaveLength(1))
})
