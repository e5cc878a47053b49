import { describe, expect, test } from "vitest"
import { alice, runField } from "./pipeline.ts"

const commandId = "01JCOMMAND0000000000000000"
const stored = {
  commandId,
  actor: alice,
  tenant: "t1",
  traceId: "trace-1",
  status: "ACCEPTED",
  rank: 0,
  acceptedAt: "2026-01-01T10:00:00.000Z",
}
const record = {
  id: `t1/${alice}/${commandId}`,
  status: "COMPLETED",
  data: {
    stream: "t1/account/a1",
    messageId: "m",
    traceId: "trace-1",
    outcome: { status: "COMMITTED", version: 2, eventCount: 1 },
  },
}
const support = { groups: ["support"] }

describe("a receipt", () => {
  const ask = { args: { commandId } }

  test("is the caller's own, and needs nothing else once it is settled", () => {
    const projected = { ...stored, status: "PROJECTED", settledAt: "2026-01-01T10:00:01.000Z" }
    const { value, asked } = runField("Query.receipt", ask, { readReceipt: { items: [projected] } })
    expect(asked).toMatchObject([
      { consistentRead: true, query: { expressionValues: { ":id": { S: `receipt/${alice}/${commandId}` } } } },
    ])
    expect(value).toMatchObject({ status: "PROJECTED", duplicate: false, protected: true })
  })

  test("is the newest, or that of the tenant that was asked for", () => {
    const items = [
      { ...stored, status: "REJECTED", settledAt: "2026-01-01T10:00:01.000Z" },
      { ...stored, tenant: "t2", status: "PROJECTED", settledAt: "2026-01-01T11:00:00.000Z" },
    ]
    expect(runField("Query.receipt", ask, { readReceipt: { items } }).value).toMatchObject({ tenant: "t2" })
    const asked = runField("Query.receipt", { args: { commandId, tenant: "t1" } }, { readReceipt: { items } })
    expect(asked.value).toMatchObject({ tenant: "t1" })
  })

  test("that is still accepted tells what was decided meanwhile", () => {
    const { value, asked } = runField("Query.receipt", ask, { readReceipt: { items: [stored] }, readOutcome: record })
    expect(asked[1]).toMatchObject({ operation: "GetItem", key: { id: { S: record.id } }, consistentRead: true })
    expect(value).toMatchObject({ status: "COMMITTED", version: 2, aggregateId: "a1", acceptedAt: stored.acceptedAt })
  })

  test("that is not registered yet is known from the decision, under the tenant or the actor", () => {
    const { value, asked: ofTenant } = runField(
      "Query.receipt",
      { args: { commandId, tenant: "t1" } },
      { readReceipt: { items: [] }, readOutcome: record },
    )
    expect(ofTenant[1]).toMatchObject({ key: { id: { S: record.id } } })
    expect(value).toMatchObject({ commandId, status: "COMMITTED", traceId: "trace-1", tenant: "t1", actor: alice })
    const { asked } = runField("Query.receipt", ask, { readReceipt: { items: [] } })
    expect(asked[1]).toMatchObject({ key: { id: { S: `${alice}/${alice}/${commandId}` } } })
  })

  test("that nobody knows is null", () => {
    expect(runField("Query.receipt", ask, { readReceipt: { items: [] } }).value).toBeNull()
  })

  test("is pushed to its sender only", () => {
    expect(runField("Subscription.onReceipt", ask).filter).toEqual({
      filterGroup: [
        {
          filters: [
            { fieldName: "commandId", operator: "eq", value: commandId },
            { fieldName: "actor", operator: "eq", value: alice },
          ],
        },
      ],
    })
  })
})

describe("a trace", () => {
  test("lists its steps by time", () => {
    const steps = ["10:00:02", "10:00:01", "10:00:01"].map((at, index) => ({
      at,
      kind: "event",
      causeId: String(index),
    }))
    const { value } = runField("Query.trace", { ...support, args: { traceId: "t" } }, { readTrace: { items: steps } })
    expect(value).toEqual({ traceId: "t", truncated: false, steps: [steps[1], steps[2], steps[0]] })
  })

  test("is found by any spelling of a business key, newest first", () => {
    const found = { items: [{ traceId: "t", at: "now" }], nextToken: null }
    const { asked, value } = runField(
      "Query.findTraces",
      { ...support, args: { text: " Ada@Example.org " } },
      { findTraces: found },
    )
    expect(asked).toMatchObject([
      { scanIndexForward: false, query: { expressionValues: { ":id": { S: "find/ada@example.org" } } } },
    ])
    expect(value).toEqual(found)
  })

  test("is pushed for a day to whoever watches it", () => {
    const { asked, filter } = runField("Subscription.onTrace", { ...support, args: { traceId: "t" } })
    expect(asked).toMatchObject([
      {
        operation: "PutItem",
        key: { id: { S: "watch/t" }, step: { S: "trace" } },
        attributeValues: { expiresAt: { N: 1767355200 } },
      },
    ])
    expect(JSON.stringify(filter)).toContain('"traceId"')
  })

  test.each([
    "Query.trace",
    "Query.findTraces",
    "Query.history",
    "Query.parked",
    "Query.rehearse",
    "Mutation.redrive",
    "Subscription.onTrace",
  ])("%s is for support only", field => {
    const { error, asked } = runField(field, { groups: ["staff"], args: { traceId: "t", text: "t" } })
    expect(error?.errorType).toBe("Unauthorized")
    expect(asked).toEqual([])
  })
})

test("the history of an aggregate is computed by the projection engine", () => {
  const args = { aggregate: "account", id: "a1", atVersion: 2 }
  const history = { stream: "a1/account/a1", version: 2, events: [] }
  const { asked, value } = runField("Query.history", { ...support, args }, { askProjectionEngine: history })
  expect(asked).toMatchObject([{ operation: "Invoke", payload: { question: "history", arguments: args } }])
  expect(value).toEqual(history)
})

test("a question that is not valid is answered with what is wrong", () => {
  const notValid = "settings.numberOfShards: too small"
  const args = { settings: '{ "numberOfShards": 0 }' }
  const { error } = runField("Query.indexCostEstimate", { ...support, args }, { askProjectionEngine: { notValid } })
  expect(error).toMatchObject({ errorType: "InvalidArgument", message: notValid })
})

test("a redrive is asked of the caretaker, who hears who asks", () => {
  const redriven = { stream: "a/account/a", status: "RELEASED", released: 1, left: 0 }
  const args = { stream: "a/account/a" }
  const { asked, value } = runField("Mutation.redrive", { ...support, args }, { askCaretaker: redriven })
  expect(asked).toMatchObject([{ payload: { question: "redrive", arguments: args, actor: alice } }])
  expect(value).toEqual(redriven)
})

test("what the backend pushes is passed on as it is", () => {
  const change = { view: "members", scope: "s", key: "k", version: 1, gone: false }
  expect(runField("Mutation.publishViewChange", { mode: "AWS_IAM", args: { change } }).value).toEqual(change)
  const { value } = runField("Mutation.publishReceipt", { mode: "AWS_IAM", args: { receipt: { commandId } } })
  expect(value).toEqual({ commandId, duplicate: false, protected: true })
})

test("a data source that fails makes the field fail", () => {
  expect(runField("Query.trace", { ...support, args: { traceId: "t" } }, { readTrace: null }).error).toBeDefined()
})
