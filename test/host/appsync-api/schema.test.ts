import { describe, expect, test } from "vitest"
import { compileSchema } from "../../../src/host/appsync/schema/schema.ts"
import { startApi } from "./apiHost.ts"

describe("a schema", () => {
  test.each([
    ["without a Query", "type Mutation { a: Int }", "Query root type must be provided."],
    ["with a scalar of its own", "type Query { a: Money } scalar Money", "Custom scalar 'Money' is not supported"],
    ["with an unknown directive", "type Query { a: Int @cache }", 'Unknown directive "@cache".'],
    ["with wrong syntax", "type Query {", "line 1, column 13"],
    [
      "whose subscription names no mutation",
      'type Query { a: Int } type Subscription { b: Int @aws_subscribe(mutations: ["c"]) }',
      "unknown mutation 'c'",
    ],
    [
      "whose subscription returns another type than its mutation",
      'type Query { a: Int } type Mutation { c: String } type Subscription { b: Int @aws_subscribe(mutations: ["c"]) }',
      "must return the type of the mutation 'c'",
    ],
  ])("%s is refused", (_, definition, message) => expect(() => compileSchema(definition)).toThrow(message))

  test("may declare what AppSync brings along", () => {
    const declared =
      "scalar AWSJSON directive @aws_iam on FIELD_DEFINITION schema { query: Root } type Root { a: AWSJSON @aws_iam }"
    expect(compileSchema(declared).rulesOf("Root", "a")).toEqual({ admissions: [{ mode: "AWS_IAM" }] })
  })

  test("may separate fields with semicolons, and interfaces with commas or spaces", () => {
    const older =
      'interface A { a: Int; } interface B { b: Int } "a; b" type Query implements A, B { a: Int; b: Int; c: C } type C implements A B { a: Int b: Int }'
    const { schema } = compileSchema(older)
    expect(schema.getType("C")?.toString()).toBe("C")
    expect(schema.getQueryType()?.getInterfaces().map(String)).toEqual(["A", "B"])
  })

  test("may carry authorization directives on its inputs, where they grant nothing", () => {
    const marked =
      "type Query { a(input: In): Int } input In @aws_cognito_user_pools @aws_iam { a: Int } type B @aws_iam { a: Int }"
    expect(compileSchema(marked).rulesOf("Query", "a")).toEqual({})
    expect(() => compileSchema("type Query { a(b: Int @aws_iam): Int }")).toThrow("@aws_iam")
  })

  test("with @aws_auth is refused on an API with several modes", async () => {
    const additional = { AdditionalAuthenticationProviders: [{ AuthenticationType: "AWS_IAM" }] }
    await expect(
      startApi({ api: additional, schema: 'type Query { a: Int @aws_auth(cognito_groups: ["x"]) }' }),
    ).rejects.toThrow("use @aws_cognito_user_pools")
  })
})
