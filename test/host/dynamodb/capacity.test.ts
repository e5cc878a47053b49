import { describe, expect, test } from "vitest"
import { createCapacity } from "../../../src/host/dynamodb/capacity.ts"
import type { Json, JsonObject } from "../../../src/host/host.ts"

const reply = (body: Json, status = 200) => ({ status, body: Buffer.from(JSON.stringify(body)) })
const consumed: JsonObject = {
  TableName: "orders",
  CapacityUnits: 3,
  Table: { CapacityUnits: 2 },
  GlobalSecondaryIndexes: { byDate: { CapacityUnits: 1 } },
}

function metering() {
  const counted: [string, string, number][] = []
  return { counted, capacity: createCapacity({ meter: (...count) => counted.push(count) }) }
}

describe("metered capacity", () => {
  test("is counted by table and index, and kept from a caller who did not ask for it", () => {
    const { counted, capacity } = metering()
    const answer = capacity.count("PutItem", {}, [], reply({ ConsumedCapacity: consumed }))
    expect(counted).toEqual([
      ["dynamodb.writeUnit", "orders PutItem", 2],
      ["dynamodb.writeUnit", "orders/byDate PutItem", 1],
    ])
    expect(JSON.parse(answer.body.toString())).toEqual({})
  })

  test("is left in the answer for a caller who asked", () => {
    const { capacity } = metering()
    const answer = capacity.count(
      "Query",
      { ReturnConsumedCapacity: "TOTAL" },
      [],
      reply({ ConsumedCapacity: consumed }),
    )
    expect(JSON.parse(answer.body.toString())).toHaveProperty("ConsumedCapacity")
  })

  test("of a refused write is at least one unit, two in a transaction", () => {
    const { counted, capacity } = metering()
    const access = { action: "PutItem", table: "orders" }
    capacity.count("PutItem", {}, [access], reply({ __type: "x#ConditionalCheckFailedException" }, 400))
    capacity.count("TransactWriteItems", {}, [access], reply({ __type: "x#TransactionCanceledException" }, 400))
    expect(counted.map(([, , amount]) => amount)).toEqual([1, 2])
  })

  test("costs nothing when nobody counts", () => {
    const capacity = createCapacity({})
    const input = { TableName: "orders" }
    expect(capacity.asking("Query", input)).toBe(input)
  })
})
