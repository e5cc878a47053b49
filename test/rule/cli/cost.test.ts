import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { bill, byPart } from "../../../src/cli/cost/bill.ts"
import { standing } from "../../../src/cli/cost/idle.ts"
import { monthOf } from "../../../src/cli/cost/month.ts"
import { prices } from "../../../src/cli/cost/prices.ts"
import { createTally } from "../../../src/cli/cost/tally.ts"
import { verdictsOf } from "../../../src/cli/cost/targets.ts"
import { recorded, tracingPerMillion } from "../../../src/cli/cost/tracing.ts"

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

  test.each([
    ["appsync.operation", "Query.account", 1, { API: 4 }],
    ["appsync.message", "Subscription.onReceipt", 1, { "live push": 2 }],
    ["events.event", "foldline.actor", 2, { bus: 2 }],
    ["lambda.request", "decider", 1, { compute: 0.2 + 350 * 0.5e-3 }],
    ["logs.byte", "decider", 1000, { compute: 0.5 }],
    ["dynamodb.readUnit", "EventStore Query", 2, { commit: 0.25 }],
    ["dynamodb.writeUnit", "ViewStore TransactWriteItems", 4, { views: 2.5 }],
    ["dynamodb.writeUnit", "TraceTable BatchWriteItem", 2, { "track & trace": 1.25 }],
    ["dynamodb.writeUnit", "KeyTable PutItem", 1, { other: 0.625 }],
    ["endpoint.call", "sqs.SendMessage", 1, { other: 0.4 }],
    ["endpoint.call", "kms.Decrypt", 1, { other: 3 }],
    ["endpoint.call", "secretsmanager.GetSecretValue", 1, { other: 5 }],
    ["endpoint.call", "ses.POST", 1, { other: 100 }],
    ["endpoint.call", "scheduler.POST", 1, { other: 1 }],
  ] as const)("counts %s of %s: %d for each request", (metered, of, amount, dollars) => {
    const parts = byPart(bill([{ metered, of, amount: 10 * amount }], 10, list, named))
    expect(parts).toEqual(
      Object.fromEntries(
        Object.keys(parts).map(part => [part, expect.closeTo((dollars as Record<string, number>)[part] ?? 0, 6)]),
      ),
    )
  })

  test("leaves out calls that are billed by what they do", () => {
    expect(bill([{ metered: "endpoint.call", of: "dynamodb.Query", amount: 5 }], 1, list, named)).toEqual([])
  })
})

test("an idle month bills an alarm for each of its metrics or its query, and a queue's poller but no stream's", () => {
  const folder = mkdtempSync(join(tmpdir(), "cost-"))
  const Resources = {
    Sum: {
      Type: "AWS::CloudWatch::Alarm",
      Properties: { Metrics: [{ Expression: "SUM(METRICS())" }, { MetricStat: {} }, { MetricStat: {} }] },
    },
    Query: { Type: "AWS::CloudWatch::Alarm", Properties: { Metrics: [{ Expression: "SELECT SUM(Errors)" }] } },
    Plain: { Type: "AWS::CloudWatch::Alarm", Properties: { MetricName: "Errors" } },
    Letters: { Type: "AWS::Lambda::EventSourceMapping", Properties: {} },
    Outbox: { Type: "AWS::Lambda::EventSourceMapping", Properties: { StartingPosition: "TRIM_HORIZON" } },
  }
  writeFileSync(join(folder, "One.template.json"), JSON.stringify({ Resources }))
  expect(standing(folder, list).map(({ of, count }) => [of, count])).toEqual([
    ["AWS::CloudWatch::Alarm", 4],
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

test("every price and assumption says where it is from, and prices when", () => {
  expect(list.asOf).toMatch(/^20\d\d-\d\d$/)
  for (const price of [...Object.values(list.perUnit), ...Object.values(list.perMonth)])
    expect(price.source).toMatch(/^https:\/\/(docs\.)?aws\.amazon\.com\//)
  for (const { why, source } of Object.values(list.assumed)) expect(`${why}${source}`.length).toBeGreaterThan(20)
})

describe("X-Ray", () => {
  test("records every request at one a second, and the first of each second and a twentieth of the others above", () => {
    expect(recorded(1_000, 1_000, list)).toBe(1_000)
    expect(recorded(100_000, 1_000, list)).toBe(1_000 + 0.05 * 99_000)
  })

  test("costs what its share of all hops costs", () => {
    const lines = bill(
      [
        { metered: "appsync.operation", of: "Mutation.renameAccount", amount: 1 },
        { metered: "lambda.request", of: "decider", amount: 1 },
      ],
      1,
      list,
      named,
    )
    expect(tracingPerMillion(lines, 1, list)).toBeCloseTo(10)
    expect(tracingPerMillion(lines, 100, list)).toBeCloseTo(2 * 5 * (0.01 + 0.05 * 0.99))
  })
})

describe("a month", () => {
  const cost = (withoutPush: number) => ({
    requests: 1,
    lines: bill([{ metered: "dynamodb.writeUnit", of: "Outbox TransactWriteItems", amount: 2 }], 1, list, named),
    parts: byPart([]),
    total: withoutPush,
    withoutPush,
    tracing: { atOnePerSecond: 0, atHundredPerSecond: 0 },
  })
  const measured = {
    plain: cost(10),
    watched: cost(10),
    mix: cost(40),
    query: cost(4),
    idle: [{ of: "AWS::KMS::Key", count: 1, usd: 7, usdAfterFree: 1 }],
  }
  const month = monthOf(50, measured, list)

  test("is made of plain commands, but for the lives of the accounts that its users open", () => {
    expect(month).toMatchObject({ commands: 1_000_000, livelyCommands: 3_000, queries: 20_000_000 })
    expect(month.usd.commands).toBeCloseTo(0.997 * 10 + 0.003 * 40)
    expect(month.usd.queries).toBeCloseTo(80)
  })

  test("stores at most what was written, which a transaction bills twice", () =>
    expect(month.usd.storage).toBeCloseTo(((1_000_000 * 1024) / 1e9) * 0.45))

  test("adds up", () => {
    const { total, ...others } = month.usd
    expect(total).toBeCloseTo(Object.values(others).reduce((sum, part) => sum + part, 0))
  })

  test("is held against its target, and so are the idle one and a million commands", () => {
    const held = (of: typeof measured, users = 50) => verdictsOf(of, monthOf(users, of, list)).map(({ holds }) => holds)
    expect(held(measured)).toEqual([true, true, true, true])
    const dear = { ...measured, plain: cost(60), idle: [{ of: "x", count: 1, usd: 7, usdAfterFree: 6 }] }
    expect(held(dear)).toEqual([true, false, false, false])
    expect(held(measured, 10)).toHaveLength(3)
  })

  test("does not count the firewall as idle", () => {
    const walled = { ...measured, idle: [{ of: "AWS::WAFv2::WebACL", count: 9, usd: 45, usdAfterFree: 45 }] }
    expect(verdictsOf(walled, month)[2]).toMatchObject({ holds: true })
  })
})
