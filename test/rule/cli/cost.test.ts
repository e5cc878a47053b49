import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { bill, byPart } from "../../../src/cli/cost/bill.ts"
import { standing } from "../../../src/cli/cost/idle.ts"
import { prices } from "../../../src/cli/cost/prices.ts"
import { createTally } from "../../../src/cli/cost/tally.ts"

const list = prices()
const named = (name: string) => name

describe("a bill", () => {
  test("tells what a commit writes from what marks it published", () => {
    const parts = byPart(
      bill(
        [
          { metered: "dynamodb.writeUnit", of: "Outbox TransactWriteItems", amount: 8 },
          { metered: "dynamodb.writeUnit", of: "Outbox UpdateItem", amount: 2 },
        ],
        2,
        list,
        named,
      ),
    )
    expect(parts.commit).toBeCloseTo(2.5)
    expect(parts.fanout).toBeCloseTo(0.625)
  })

  test("names the capacity of an index apart from its table's", () => {
    const [line] = bill(
      [{ metered: "dynamodb.readUnit", of: "t-1/index1 Query", amount: 1 }],
      1,
      list,
      name => ({ "t-1": "ViewStore" })[name] ?? name,
    )
    expect(line).toMatchObject({ part: "views", of: "ViewStore/index1 Query", each: 1 })
  })

  test("lists pushes apart from what clients ask", () => {
    const parts = byPart(
      bill(
        [
          { metered: "appsync.operation", of: "Mutation.renameAccount", amount: 1 },
          { metered: "appsync.operation", of: "Mutation.publishReceipt", amount: 1 },
        ],
        1,
        list,
        named,
      ),
    )
    expect(parts).toMatchObject({ API: 4, "live push": 4 })
  })

  test("costs the same CPU time the same whatever the memory, and waiting by the memory", () => {
    const gbSeconds = (metered: "lambda.cpuMs" | "lambda.waitMbMs", amount: number) =>
      bill([{ metered, of: "decider", amount }], 1, list, named)[0]?.each
    expect(gbSeconds("lambda.cpuMs", 1000)).toBeCloseTo(1769 / 1024)
    expect(gbSeconds("lambda.waitMbMs", 1000 * 512)).toBeCloseTo(0.5)
  })

  test("leaves out calls that are billed by what they do", () => {
    expect(bill([{ metered: "endpoint.call", of: "dynamodb.Query", amount: 5 }], 1, list, named)).toEqual([])
  })
})

test("an idle month bills an alarm for each of its metrics, and a queue's poller but no stream's", () => {
  const folder = mkdtempSync(join(tmpdir(), "cost-"))
  const Resources = {
    Sum: {
      Type: "AWS::CloudWatch::Alarm",
      Properties: { Metrics: [{ Expression: "SUM(METRICS())" }, { MetricStat: {} }, { MetricStat: {} }] },
    },
    Plain: { Type: "AWS::CloudWatch::Alarm", Properties: { MetricName: "Errors" } },
    Letters: { Type: "AWS::Lambda::EventSourceMapping", Properties: {} },
    Outbox: { Type: "AWS::Lambda::EventSourceMapping", Properties: { StartingPosition: "TRIM_HORIZON" } },
  }
  writeFileSync(join(folder, "One.template.json"), JSON.stringify({ Resources }))
  expect(standing(folder, list).map(({ of, count }) => [of, count])).toEqual([
    ["AWS::CloudWatch::Alarm", 3],
    ["queue polling", 1],
  ])
  rmSync(folder, { recursive: true })
})

test("a tally gives each portion once", () => {
  const tally = createTally()
  tally.meter("events.event", "foldline.actor", 1)
  tally.meter("events.event", "foldline.actor", 2)
  expect(tally.take()).toEqual([{ metered: "events.event", of: "foldline.actor", amount: 3 }])
  expect(tally.take()).toEqual([])
})
