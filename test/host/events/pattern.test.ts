import { describe, expect, test } from "vitest"
import { compilePattern, matches, validatePattern } from "../../../src/host/events/pattern.ts"
import type { Json, JsonObject } from "../../../src/host/host.ts"
import { cpuMsOf } from "../../cpuTime.ts"

/** Does one value stand the alternatives of one field? */
const holds = (alternatives: Json[], value: Json) => matches({ x: alternatives }, { x: value })

const reasonOf = (pattern: JsonObject | string): string => {
  try {
    validatePattern(typeof pattern === "string" ? pattern : JSON.stringify(pattern))
    return "valid"
  } catch (error) {
    return error instanceof Error ? error.message.replace("Event pattern is not valid. Reason: ", "") : "?"
  }
}

describe("an operator matches as in event-ruler:", () => {
  const cases: [string, Json[], Json[], Json[]][] = [
    ["exact text", ["a"], ["a"], ["A", "ab", 1, null]],
    ["exact number, whatever its spelling", [300], [300, 3.0e2], ["300", 301]],
    ["null, true and false", [null, true], [null, true], [false, "null", "true", 0]],
    ["the empty text", [""], [""], [null, " "]],
    ["alternatives", ["a", { prefix: "b" }], ["a", "bee"], ["c"]],
    ["prefix", [{ prefix: "us-" }], ["us-", "us-east-1"], ["eu-us-", 5]],
    ["prefix ignoring case", [{ prefix: { "equals-ignore-case": "EventB" } }], ["eventbridge", "EVENTB"], ["event"]],
    ["suffix", [{ suffix: ".png" }], ["a.png", ".png"], ["a.pngx", "a.PNG"]],
    ["suffix ignoring case", [{ suffix: { "equals-ignore-case": ".PNG" } }], ["a.png", "a.Png"], ["a.jpg"]],
    ["equals-ignore-case", [{ "equals-ignore-case": "alice" }], ["ALICE", "Alice"], ["alicea", 1]],
    ["wildcard", [{ wildcard: "*/dir/*.png" }], ["a/dir/b.png", "/dir/.png"], ["a/dir/b.jpg", "dir/b.png"]],
    ["wildcard with text that overlaps", [{ wildcard: "ab*ba" }], ["abba", "abxba"], ["aba"]],
    ["wildcard with an escaped star", [{ wildcard: "a\\**" }], ["a*", "a*b"], ["ab"]],
    ["anything-but text", [{ "anything-but": "no" }], ["yes", 1, null, true], ["no"]],
    ["anything-but texts", [{ "anything-but": ["a", "b"] }], ["c"], ["a", "b"]],
    ["anything-but numbers", [{ "anything-but": [100, 200] }], [1, "100"], [100, 2e2]],
    ["anything-but prefix", [{ "anything-but": { prefix: ["a", "b"] } }], ["c", 4], ["ax", "bx"]],
    ["anything-but suffix", [{ "anything-but": { suffix: "x" } }], ["xa"], ["ax"]],
    ["anything-but ignoring case", [{ "anything-but": { "equals-ignore-case": ["No"] } }], ["yes"], ["NO", "no"]],
    ["anything-but wildcard", [{ "anything-but": { wildcard: "*/lib/*" } }], ["a/bin/b"], ["a/lib/b"]],
    ["numeric comparison", [{ numeric: [">=", 5] }], [5, 6.5], [4.999, "6"]],
    ["numeric range", [{ numeric: [">", 0, "<=", 5] }], [0.1, 5], [0, 5.1]],
    ["numeric equality", [{ numeric: ["=", 3.018e2] }], [301.8], [301]],
    ["cidr of IPv4", [{ cidr: "10.0.0.0/24" }], ["10.0.0.255", "10.0.0.0"], ["10.0.1.0", "ten", "::a00:1"]],
    ["cidr of IPv6", [{ cidr: "2001:db8::/32" }], ["2001:db8::1", "2001:0db8:ffff::"], ["2001:db9::1", "10.0.0.1"]],
    ["an IPv6 address, whatever its spelling", ["::1"], ["0:0:0:0:0:0:0:1"], ["::2"]],
    ["exists", [{ exists: true }], ["a", null, 0, false], [{ y: 1 }]],
    ["elements of an array", ["a"], [["b", "a"]], [["b"], []]],
    ["anything-but on an array", [{ "anything-but": "no" }], [["no", "yes"]], [["no"]]],
  ]
  test.each(cases)("%s", (_name, alternatives, matching, others) => {
    expect(matching.filter(value => !holds(alternatives, value))).toEqual([])
    expect(others.filter(value => holds(alternatives, value))).toEqual([])
  })
})

describe("a pattern", () => {
  test("needs every field, and ignores the fields that it does not name", () => {
    const pattern = { source: ["a"], detail: { state: ["on"] } }
    expect(matches(pattern, { source: "a", detail: { state: "on", more: 1 } })).toBe(true)
    expect(matches(pattern, { source: "a", detail: { more: 1 } })).toBe(false)
  })

  test("matches a missing field by exists false, also where the parent is missing", () => {
    const pattern = { detail: { gone: [{ exists: false }] } }
    expect(matches(pattern, { detail: { other: 1 } })).toBe(true)
    expect(matches(pattern, {})).toBe(true)
    expect(matches(pattern, { detail: { gone: null } })).toBe(false)
  })

  test("takes a field that is missing or has a value", () => {
    const pattern = { status: ["open", { exists: false }] }
    expect([{}, { status: "open" }, { status: "shut" }].map(event => matches(pattern, event))).toEqual([
      true,
      true,
      false,
    ])
  })

  test("finds sibling fields in one element of an array, not spread over several", () => {
    const pattern = { users: { name: ["ada"], role: ["owner"] } }
    expect(matches(pattern, { users: [{ name: "bob" }, { name: "ada", role: "owner" }] })).toBe(true)
    expect(matches(pattern, { users: [{ name: "ada" }, { role: "owner" }] })).toBe(false)
  })

  test("keeps nested arrays consistent too", () => {
    const pattern = { a: { b: { x: [1], y: [2] } } }
    expect(matches(pattern, { a: [{ b: [{ x: 1, y: 2 }] }] })).toBe(true)
    expect(matches(pattern, { a: [{ b: [{ x: 1 }, { y: 2 }] }] })).toBe(false)
    expect(matches(pattern, { a: [{ b: [{ x: 1 }] }, { b: [{ y: 2 }] }] })).toBe(false)
  })

  test("branches at $or, on any level and inside each other", () => {
    const pattern = {
      source: ["s"],
      $or: [{ kind: ["a"] }, { kind: ["b"], $or: [{ size: [1] }, { size: [2] }] }],
    }
    const matchesWith = (fields: JsonObject) => matches(pattern, { source: "s", ...fields })
    expect([{ kind: "a" }, { kind: "b", size: 2 }].map(matchesWith)).toEqual([true, true])
    expect([{ kind: "b" }, { kind: "b", size: 3 }, { size: 1 }].map(matchesWith)).toEqual([false, false, false])
  })

  test("given as text lets the last of two equal keys win", () => {
    expect(matches('{"a":["1"],"a":["2"]}', { a: "2" })).toBe(true)
  })

  test("compiled once answers many events fast", async () => {
    const isMatch = compilePattern({ source: ["shop"], detail: { data: { amount: [{ numeric: [">", 10] }] } } })
    const event = (amount: number) => ({
      source: "shop",
      detail: { type: "sold", data: { amount, lines: [{ a: 1 }] } },
    })
    let found = 0
    const cpuMs = await cpuMsOf(() => {
      for (let amount = 0; amount < 20_000; amount++) if (isMatch(event(amount))) found++
    })
    expect(found).toBe(19_989)
    expect(cpuMs).toBeLessThan(1_000)
  })
})

describe("a pattern is refused with EventBridge's reason:", () => {
  test.each<[JsonObject | string, string]>([
    ["[]", "Filter is not an object"],
    [
      "this is not json",
      "Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    [
      '{"not": closed mark"',
      "Unrecognized token 'closed': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    ["{'bad': 'quotation'}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"],
    [
      { a: [{ wildcard: "*:*:*:*:*:event-bus/*" }] },
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    ],
    [{ a: [{ cidr: "10.0.0.0/xx" }] }, "Malformed CIDR, mask bits must be an integer"],
    [{}, "Empty objects are not allowed"],
    [{ source: ["a"], detail: {} }, "Empty objects are not allowed"],
    [{ source: [] }, "Empty arrays are not allowed"],
    [{ pipeline: { slug: "x" } }, '"slug" must be an object or an array'],
    [{ a: [["x"]] }, "Match value must be String, number, true, false, or null"],
    [{ a: [{ like: "x" }] }, "Unrecognized match type like"],
    [{ a: [{ prefix: "x", suffix: "y" }] }, "Only one key allowed in match expression"],
    [{ a: [{ prefix: 1 }] }, "prefix match pattern must be a string"],
    [{ a: [{ suffix: [":created"] }] }, "suffix match pattern must be a string"],
    [{ a: [{ "equals-ignore-case": 1 }] }, "equals-ignore-case match pattern must be a string"],
    [{ a: [{ exists: "yes" }] }, "exists match pattern must be either true or false."],
    [{ a: [{ wildcard: "a**b" }] }, "Consecutive wildcard characters at pos 2"],
    [{ a: [{ wildcard: "a\\b" }] }, "Invalid escape character at pos 2"],
    [{ a: [{ numeric: 5 }] }, "Value of numeric must be an array."],
    [{ a: [{ numeric: [5] }] }, "Invalid member in numeric match: 5"],
    [{ a: [{ numeric: ["=>", 5] }] }, "Unrecognized numeric range operator: =>"],
    [{ a: [{ numeric: [">", "5"] }] }, "Value of > must be numeric"],
    [{ a: [{ numeric: [">", 5, ">", 6] }] }, "Bad numeric range operator: >"],
    [{ a: [{ numeric: ["<", 5, ">", 1] }] }, "Too many elements in numeric expression"],
    [{ a: [{ numeric: [">", 1, "<", 2, 3] }] }, "Too many terms in numeric range expression"],
    [
      { a: [{ "anything-but": ["a", 1] }] },
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    ],
    [{ a: [{ "anything-but": [null] }] }, "Inside anything but list, start|null|boolean is not supported."],
    [{ a: [{ "anything-but": { numeric: ["=", 1] } }] }, "Unsupported anything-but pattern: numeric"],
    [{ a: [{ "anything-but": { prefix: "" } }] }, "Null prefix/suffix not allowed"],
    [{ a: [{ cidr: "10.0.0.0" }] }, "Malformed CIDR, one '/' required"],
    [{ a: [{ cidr: "10.0.0.0/33" }] }, "IPv4 mask bits must be < 32"],
    [{ a: [{ cidr: "host/8" }] }, "Nonstandard IP address: host"],
    [{ $or: { a: ["1"] } }, "It must be an Array followed with $or."],
    [{ $or: [{ a: ["1"] }] }, "There must have at least 2 Objects in $or relationship."],
    [{ $or: [1, 2] }, "Only JSON object is allowed in array of $or relationship."],
    [{ $or: [{ prefix: ["1"] }, { a: ["2"] }] }, "prefix is Ruler reserved fieldName which cannot be used inside $or."],
  ])("%j", (pattern, reason) => {
    expect(reasonOf(pattern)).toBe(reason)
  })
})
