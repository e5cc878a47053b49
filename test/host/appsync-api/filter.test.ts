import { describe, expect, test } from "vitest"
import { enhancedFilter } from "../../../src/host/appsync/realtime/filter.ts"
import type { Json } from "../../../src/host/host.ts"

const payload = {
  id: "7",
  stars: 5,
  title: "event sourcing",
  tags: ["aws", "cqrs"],
  done: false,
  by: { name: "ada", at: { x: 1 } },
  none: null,
}
const passes = (fieldName: string, operator: string, value: Json) =>
  enhancedFilter({ filterGroup: [{ filters: [{ fieldName, operator, value }] }] })(payload)

describe("a filter", () => {
  test.each<[string, string, Json]>([
    ["stars", "eq", 5],
    ["done", "eq", false],
    ["none", "eq", null],
    ["absent", "eq", null],
    ["stars", "ne", 4],
    ["stars", "lt", 6],
    ["stars", "le", 5],
    ["stars", "gt", 4],
    ["title", "ge", "event"],
    ["stars", "in", [1, 5]],
    ["stars", "notIn", [1, 2]],
    ["stars", "between", [5, 9]],
    ["title", "beginsWith", "event"],
    ["title", "contains", "sour"],
    ["tags", "contains", "aws"],
    ["tags", "notContains", "vtl"],
    ["tags", "containsAny", ["vtl", "cqrs"]],
    ["by.name", "eq", "ada"],
    ["by.at.x", "eq", 1],
  ])("holds: %s %s %j", (field, operator, value) => expect(passes(field, operator, value)).toBe(true))

  test.each<[string, string, Json]>([
    ["stars", "eq", "5"],
    ["stars", "lt", 5],
    ["stars", "gt", "4"],
    ["absent", "gt", 0],
    ["stars", "between", [6, 9]],
    ["title", "notContains", "sour"],
    ["tags", "in", ["aws"]],
    ["by.name.first", "eq", "ada"],
  ])("fails: %s %s %j", (field, operator, value) => expect(passes(field, operator, value)).toBe(false))

  test("has groups as alternatives whose filters all hold", () => {
    const filter = (fieldName: string, value: Json) => ({ fieldName, operator: "eq", value })
    const both = { filters: [filter("stars", 5), filter("done", true)] }
    expect(enhancedFilter({ filterGroup: [both] })(payload)).toBe(false)
    expect(enhancedFilter({ filterGroup: [both, { filters: [filter("id", "7")] }] })(payload)).toBe(true)
  })

  test("with an unknown operator is refused", () => {
    expect(() => passes("stars", "like", 5)).toThrow("Invalid subscription filter operator 'like'.")
  })
})
