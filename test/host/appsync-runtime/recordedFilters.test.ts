import { describe, expect, test } from "vitest"
import { evaluated } from "./evaluated.ts"

const filter = (expression: string) =>
  JSON.parse(String(evaluated(`util.transform.toDynamoDBFilterExpression(${expression})`)))

describe("the expression that AWS was recorded to write", () => {
  test.each([
    ['{ v: { ne: "x" } }', "(#v <> :v_ne)"],
    ['{ v: { le: "x" } }', "(#v <= :v_le)"],
    ['{ v: { contains: "x" } }', "(contains(#v,:v_contains))"],
    ['{ v: { notContains: "x" } }', "(NOT contains(#v,:v_notContains))"],
    ['{ v: { beginsWith: "x" } }', "(begins_with(#v,:v_beginsWith))"],
    ['{ v: { between: ["1", "9", "ignored"] } }', "(#v BETWEEN :v_between_start AND :v_between_end)"],
    ['{ v: { in: ["a", "b"] } }', "(#v IN (:v_in_0, :v_in_1))"],
    ["{ v: { attributeExists: true } }", "(attribute_exists(#v))"],
    ["{ v: { attributeExists: false } }", "(attribute_not_exists(#v))"],
    ["{ v: { size: { gt: 2 } } }", "(size(#v) > :v_size_gt)"],
    ["{ v: { size: { gt: 2, lt: 5 } } }", "((size(#v) > :v_size_gt) AND (size(#v) < :v_size_lt))"],
    ["{ v: { size: { between: [1, 3] } } }", "(size(#v) BETWEEN :v_size_between_start AND :v_size_between_end)"],
    ['{ v: { size: { contains: "x" } } }', "(contains(size(#v),:v_size_contains))"],
    ["{ v: { size: { size: { gt: 1 } } } }", "(size(#v) > :v_size_size_gt)"],
    ["{ a: { eq: 1 }, b: { eq: 2 } }", "(#a = :a_eq) AND (#b = :b_eq)"],
    ["{ v: { ge: 1, le: 5 } }", "((#v >= :v_ge) AND (#v <= :v_le))"],
    ["{ and: [{ a: { eq: 1 } }] }", "(#a = :and_0_a_eq)"],
    ["{ or: [{ a: { eq: 1 } }, { b: { eq: 2 } }] }", "((#a = :or_0_a_eq) OR (#b = :or_1_b_eq))"],
    ["{ not: { a: { eq: 1 } } }", "(NOT (#a = :not_a_eq))"],
    ["{ not: { not: { a: { eq: 1 } } } }", "(NOT (NOT (#a = :not_not_a_eq)))"],
    [
      "{ not: { and: [{ a: { eq: 1 } }, { b: { eq: 2 } }] } }",
      "(NOT ((#a = :not_and_0_a_eq) AND (#b = :not_and_1_b_eq)))",
    ],
    ["{ and: [{ not: { a: { eq: 1 } } }, { b: { eq: 2 } }] }", "((NOT (#a = :and_0_not_a_eq)) AND (#b = :and_1_b_eq))"],
    [
      "{ or: [{ and: [{ a: { eq: 1 } }, { b: { eq: 2 } }] }, { c: { eq: 3 } }] }",
      "(((#a = :or_0_and_0_a_eq) AND (#b = :or_0_and_1_b_eq)) OR (#c = :or_1_c_eq))",
    ],
    ["{ and: [{ or: [{ and: [{ a: { eq: 1 } }] }] }] }", "(#a = :and_0_or_0_and_0_a_eq)"],
    ["{ a: { eq: 1 }, and: [{ b: { eq: 2 } }] }", "(#a = :a_eq) AND (#b = :and_0_b_eq)"],
    ['{ "a.b": { eq: 1 } }', "(#a.b = :a.b_eq)"],
    ["{}", ""],
    ["{ and: [] }", ""],
    ["{ v: { size: {} } }", ""],
    ["{ not: {} }", "(NOT )"],
    ["{ v: { in: [] } }", "(null)"],
    ["{ a: { eq: 1 }, b: {} }", "(#a = :a_eq) AND "],
    ["{ and: [{ a: { eq: 1 } }, {}] }", "((#a = :and_0_a_eq) AND )"],
  ])("of %s", (given, expression) => {
    expect(filter(given).expression).toBe(expression)
    const condition = evaluated(`util.transform.toDynamoDBConditionExpression(${given})`)
    expect(JSON.parse(String(condition)).expression).toBe(expression)
  })

  test.each([
    ["10", { N: 10 }],
    ["1.5", { N: 1.5 }],
    ["true", { BOOL: true }],
    ["null", { NULL: null }],
    ["{ a: 1 }", { M: { a: { N: 1 } } }],
    ["[1, 2]", { L: [{ N: 1 }, { N: 2 }] }],
  ])("types the operand %s", (operand, typed) => {
    expect(filter(`{ v: { eq: ${operand} } }`).expressionValues).toEqual({ ":v_eq": typed })
  })

  test("names the types of attributes by their codes", () => {
    const names = [
      "_null",
      "string",
      "stringSet",
      "number",
      "numberSet",
      "binary",
      "binarySet",
      "boolean",
      "list",
      "map",
    ]
    const fields = names.map((name, index) => `f${index}: { attributeType: "${name}" }`)
    const { expression, expressionValues } = filter(`{ ${fields.join(", ")} }`)
    expect(expression).toContain("(attribute_type(#f0,:f0_attributeType)) AND (attribute_type(#f1,:f1_attributeType))")
    const codes = Object.values(expressionValues).map(value => (value as { S: string }).S)
    expect(codes).toEqual(["NULL", "S", "SS", "N", "NS", "B", "BS", "BOOL", "L", "M"])
  })

  test("names a field that has no operator", () => {
    expect(filter("{ v: {} }")).toEqual({ expression: "", expressionNames: { "#v": "v" }, expressionValues: {} })
  })

  test.each([
    "",
    "null",
    "[]",
    '"text"',
    "{ v: { foo: 1 } }",
    '{ v: "x" }',
    "{ a: { b: { eq: 1 } } }",
    "{ and: { a: { eq: 1 } } }",
    "{ and: null }",
    "{ and: [{ a: { eq: 1 } }, null] }",
    "{ not: [{ a: { eq: 1 } }] }",
    "{ v: { between: [1] } }",
    '{ v: { in: "x" } }',
    '{ v: { attributeExists: "yes" } }',
    '{ v: { attributeType: "S" } }',
    "{ v: { size: 3 } }",
  ])("is null for %s", given => {
    expect(evaluated(`util.transform.toDynamoDBFilterExpression(${given})`)).toBeNull()
  })
})

describe("the subscription filter that AWS was recorded to write", () => {
  const groupsOf = (given: string) => {
    const written = evaluated(`util.transform.toSubscriptionFilter(${given})`)
    const { filterGroup } = written as {
      filterGroup: { filters: Record<"fieldName" | "operator" | "value", unknown>[] }[]
    }
    return filterGroup.map(({ filters }) =>
      filters.map(({ fieldName, operator, value }) => `${fieldName} ${operator} ${JSON.stringify(value)}`),
    )
  }

  test.each([
    ["{ a: { eq: 1 }, b: { eq: 2 } }", [["a eq 1", "b eq 2"]]],
    ["{ z: { eq: 0 }, and: [{ a: { eq: 1 } }] }", [["z eq 0", "a eq 1"]]],
    ["{ a: { eq: 1, ne: 2 } }", [["a eq 1"], ["a ne 2"]]],
    ["{ or: [{ a: { eq: 1 } }, { b: { eq: 2 } }] }", [["a eq 1"], ["b eq 2"]]],
    [
      "{ and: [{ a: { eq: 1 } }, { or: [{ b: { eq: 2 } }, { c: { eq: 3 } }] }] }",
      [
        ["a eq 1", "b eq 2"],
        ["a eq 1", "c eq 3"],
      ],
    ],
    ['{ "loc.country": { eq: "USA" } }', [['loc.country eq "USA"']]],
    ["{ a: { bogus: 1 } }", [["a bogus 1"]]],
    ["{ not: { a: { eq: 1 } } }", [['not a {"eq":1}']]],
    ['{ a: { eq: 1 }, and: [{ b: { eq: 2 } }] }, ["b"]', [["a eq 1"]]],
    [
      '{ a: { eq: 1 } }, [], { r: { gte: 2 }, s: { eq: "p" } }',
      [
        ["a eq 1", "r gte 2"],
        ["a eq 1", 's eq "p"'],
      ],
    ],
    ["{}, [], { r: { eq: 1 } }", [["r eq 1"]]],
    ["{}", []],
    ["{ a: {} }", []],
    ["{ and: [] }", []],
  ])("of %s", (given, groups) => expect(groupsOf(given)).toEqual(groups))

  test.each(["null", "", "[]", `'{"a":{"eq":1}}'`])("is null for %s", given => {
    expect(evaluated(`util.transform.toSubscriptionFilter(${given})`)).toBeNull()
  })
})
