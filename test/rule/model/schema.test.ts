import { assertObjectType, type GraphQLSchema, getVariableValues, isInputObjectType, parse, validate } from "graphql"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { appsyncCommandSender } from "../../../src/adapters/appsync/commandSender.ts"
import { appsyncPush } from "../../../src/adapters/appsync/push.ts"
import { AccountId, PersonId } from "../../../src/contexts/accounts/ids.ts"
import { commands } from "../../../src/contexts/accounts/membership.ts"
import { app } from "../../../src/contexts/index.ts"
import { member, rowsOf, self, view } from "../../../src/core/index.ts"
import { compileSchema } from "../../../src/host/appsync/schema/schema.ts"
import { resolverTable } from "../../../src/model/resolverTable.ts"
import { graphqlSchema } from "../../../src/model/schema.ts"
import { copy, library, libraryWith, shelves } from "./library.ts"

const { JoinAccount } = commands
const accountId = AccountId.parse("01JACCOUNT00000000000000AC")
const alice = PersonId.parse("3f1c2d7e-0000-4000-8000-00000000a11c")

const compiled = compileSchema(graphqlSchema(library))
const typesOf = (schema: GraphQLSchema, type: string) => {
  const named = schema.getType(type)
  const fields = isInputObjectType(named) ? named.getFields() : assertObjectType(named).getFields()
  return Object.fromEntries(Object.values(fields).map(field => [field.name, String(field.type)]))
}
const admitted = (field: string) => {
  const [type = "", name = ""] = field.split(".")
  return compiled.rulesOf(type, name).admissions
}

describe("the schema", () => {
  test.each([
    ["the app", app],
    ["another app", library],
  ])("of %s is one that AppSync takes, with a resolver for every root field", (_, one) => {
    const { schema } = compileSchema(graphqlSchema(one))
    const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(type =>
      Object.keys(type?.getFields() ?? {}).map(field => `${type?.name}.${field}`),
    )
    const resolvers = resolverTable(one).map(({ typeName, fieldName }) => `${typeName}.${fieldName}`)
    expect(resolvers).toEqual(expect.arrayContaining(fields))
    expect(new Set(resolvers).size).toBe(resolvers.length)
    for (const resolver of resolvers) {
      const [type = "", field = ""] = resolver.split(".")
      expect(assertObjectType(schema.getType(type)).getFields()).toHaveProperty(field)
    }
  })

  test("carries every kind of field that it says it can", () => {
    expect(typesOf(compiled.schema, "AcquireCopyInput")).toEqual({
      libraryId: "ID!",
      copyId: "ID",
      shelf: "AcquireCopyShelfInput!",
      tags: "[Tag!]",
      note: "String",
      donor: "AWSEmail",
      commandId: "ID",
      expectedVersion: "Int",
    })
    expect(typesOf(compiled.schema, "AcquireCopyShelfInput")).toEqual({ room: "String!", level: "Int" })
    expect(typesOf(compiled.schema, "BorrowCopyInput")).toMatchObject({ dueOn: "AWSDate!" })
    expect(typesOf(compiled.schema, "Shelf")).toEqual({
      libraryId: "ID!",
      copyId: "ID!",
      place: "ShelfPlace!",
      url: "AWSURL!",
      price: "Float!",
      rare: "Boolean!",
      version: "Int!",
      loans: "Loans",
    })
  })

  test("lets in whom the declaration lets in", () => {
    expect(admitted("Mutation.acquireCopy")).toEqual([
      { mode: "AWS_IAM" },
      { mode: "AMAZON_COGNITO_USER_POOLS", groups: ["librarians"] },
    ])
    expect(admitted("Mutation.borrowCopy")).toEqual([{ mode: "API_KEY" }, { mode: "AMAZON_COGNITO_USER_POOLS" }])
    expect(admitted("Mutation.loseCopy")).toBeUndefined()
    expect(admitted("Query.shelves")).toEqual([{ mode: "API_KEY" }, { mode: "AMAZON_COGNITO_USER_POOLS" }])
    expect(admitted("ShelfPlace.room")).toEqual(admitted("Shelf.place"))
    expect(admitted("ShelfPage.items")).toEqual(admitted("Query.shelves"))
    expect(admitted("Loans.count")).toBeUndefined()
    expect(admitted("CommandReceipt.status")).toContainEqual({ mode: "API_KEY" })
    expect(admitted("Mutation.publishReceipt")).toEqual([{ mode: "AWS_IAM" }])
  })

  test("lets whoever reads a row read what it alone leads to", () => {
    const { rulesOf } = compileSchema(graphqlSchema(app))
    expect(rulesOf("InvitingAccount", "name").admissions).toContainEqual({ mode: "AMAZON_COGNITO_USER_POOLS" })
    expect(graphqlSchema(app)).not.toMatch(/invitingAccount\(/)
  })

  test("lets nobody in without a sign-in when nothing is open", () => {
    expect(graphqlSchema(app)).not.toContain("@aws_api_key")
  })
})

test("only what somebody watches is pushed", async () => {
  const sent: unknown[] = []
  const graphql = async (_query: string, variables: Readonly<Record<string, unknown>>) => {
    sent.push(variables)
    return {}
  }
  const change = (scope: string) => ({ view: "members", scope, key: "k", version: 1, gone: false })
  const push = appsyncPush(graphql, {
    watched: async topics => new Set(topics.filter(({ scope, kind }) => scope === "seen" && kind === "members")),
  })
  await push({ changes: [change("unseen"), change("seen")] })
  expect(sent).toEqual([{ change: change("seen") }])
})

test("the backend's own requests are valid against the schema", async () => {
  const { schema } = compileSchema(graphqlSchema(app))
  const sent: { query: string; variables: Readonly<Record<string, unknown>> }[] = []
  const graphql = async (query: string, variables: Readonly<Record<string, unknown>>) => {
    sent.push({ query, variables })
    return {}
  }
  const at = "2026-01-01T00:00:00.000Z"
  const base = { commandId: "c", traceId: "t", at }
  const push = appsyncPush(graphql, { watched: async topics => new Set(topics) })
  await push({
    receipt: {
      ...base,
      actor: "a",
      tenant: "t",
      status: "PROJECTED",
      aggregateId: "a",
      version: 1,
      acceptedAt: at,
    },
    changes: [{ view: "members", scope: "s", key: "k", version: 1, gone: false }],
    step: { ...base, step: "event", causeId: "c", component: "x", data: { some: "thing" } },
  })
  const thread = { traceId: "t", causationId: "c", hops: 1, commandId: "c", automation: "a" }
  await appsyncCommandSender(graphql).send(JoinAccount({ accountId, personId: alice, role: "member" }), thread)

  expect(sent).toHaveLength(4)
  for (const { query, variables } of sent) {
    const document = parse(query)
    expect(validate(schema, document)).toEqual([])
    const [operation] = document.definitions
    const declared = operation?.kind === "OperationDefinition" ? operation.variableDefinitions : []
    expect(getVariableValues(schema, declared ?? [], variables).errors).toBeUndefined()
  }
})

describe("a declaration that cannot become a safe API", () => {
  const row = z.object({ libraryId: z.string(), readerId: z.string(), name: z.string() })
  const from = [rowsOf(copy, () => [])]
  const base = { description: "?", from } as const

  test.each([
    [
      "a view for members whose key does not begin with the tenant",
      view({ ...base, name: "a", type: "A", row, partition: ["readerId"], authorize: member("reader") }),
      "a: member() needs libraryId in the partition of the view and of each index",
    ],
    [
      "an index that would show another person's rows",
      view({
        ...base,
        name: "a",
        type: "A",
        row,
        partition: ["readerId"],
        authorize: self("readerId"),
        indexes: { byName: { description: "?", partition: ["name"], sort: [] } },
      }),
      "a: self() needs readerId in the partition of the view and of each index",
    ],
    [
      "a relation to nowhere",
      view({ ...shelves, relations: { loans: { to: "lawns", by: { libraryId: "libraryId" } } } }),
      "relation loans of shelves: there is no view or projection lawns",
    ],
    [
      "a relation without the key",
      view({ ...shelves, relations: { loans: { to: "loans", by: {} } } }),
      "relation loans of shelves: `by` must say where libraryId of loans comes from",
    ],
    [
      "a field that GraphQL cannot carry",
      view({
        ...base,
        name: "a",
        type: "A",
        row: row.extend({ when: z.date() }),
        partition: ["libraryId"],
        authorize: member("reader"),
      }),
      "GraphQL cannot carry A.when: date",
    ],
    [
      "a row with a field of the kernel's",
      view({
        ...base,
        name: "a",
        type: "A",
        row: row.extend({ version: z.int() }),
        partition: ["libraryId"],
        authorize: member("reader"),
      }),
      "A: the name version is declared twice",
    ],
    [
      "a type of two shapes",
      view({ ...base, name: "a", type: "Loans", row, partition: ["libraryId"], authorize: member("reader") }),
      "are both of type Loans, but their rows differ",
    ],
  ])("%s is refused", (_, wrong, message) => {
    expect(() => graphqlSchema(libraryWith(wrong))).toThrow(message)
  })
})
