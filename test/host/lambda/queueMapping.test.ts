import { afterEach, describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/host/host.ts"
import { eventually, type LambdaHost, startLambdaHost } from "./lambdaHost.ts"
import { memoryQueue, queueArn } from "./memorySources.ts"

const consumer = {
  "index.js": `exports.handler = async ({ Records }) => {
    console.log('batch ' + Records.map(record => record.messageId).join(','))
    await new Promise(resolve => setTimeout(resolve, Number(process.env.MS ?? 0)))
    const bad = Records.filter(record => record.body === 'bad')
    if (process.env.REPORT) return { batchItemFailures: bad.map(r => ({ itemIdentifier: r.messageId })) }
    if (bad.length > 0) throw new Error('poison')
  }`,
}

let lambda: LambdaHost
let queue: ReturnType<typeof memoryQueue>
afterEach(() => lambda.stop())

const begin = async (properties: JsonObject = {}, variables: JsonObject = {}) => {
  queue = memoryQueue()
  lambda = await startLambdaHost({ queues: queue.queues })
  const arn = await lambda.deploy("consumer", consumer, { Environment: { Variables: variables } })
  await lambda.create("AWS::Lambda::EventSourceMapping", { FunctionName: arn, EventSourceArn: queueArn, ...properties })
  await lambda.service.start?.()
}
const batches = () => lambda.lines.filter(({ line }) => line.startsWith("batch ")).map(({ line }) => line.slice(6))
const handled = () => lambda.lines.filter(({ line }) => line.startsWith("REPORT")).length

describe("a queue mapping", () => {
  test("hands over messages and deletes them", async () => {
    await begin()
    queue.send("1", "good")
    await eventually(() => batches().length === 1 && queue.invisible.size === 0)
    expect(queue.visible).toEqual([])
  })

  test("leaves a failed batch to its visibility timeout", async () => {
    await begin()
    queue.send("1", "bad")
    await eventually(() => handled() === 1)
    expect([...queue.invisible.keys()]).toEqual(["r-1"])
    queue.show("r-1")
    await eventually(() => batches().length === 2)
  })

  test("deletes what a partial response does not name", async () => {
    await begin(
      { FunctionResponseTypes: ["ReportBatchItemFailures"], MaximumBatchingWindowInSeconds: 60 },
      { REPORT: "1" },
    )
    queue.send("1", "good")
    queue.send("2", "bad")
    queue.send("3", "good")
    await new Promise(resolve => setTimeout(resolve, 10))
    expect(batches()).toEqual([])
    lambda.clock.advance(60_000)
    await eventually(() => handled() === 1 && queue.invisible.size === 1)
    expect(batches()).toEqual(["1,2,3"])
    expect([...queue.invisible.keys()]).toEqual(["r-2"])
  })

  test("deletes what no filter wants, looking inside JSON bodies", async () => {
    await begin({ FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["x"]}}' }] } })
    queue.send("1", '{"kind":"y"}')
    queue.send("2", '{"kind":"x"}')
    queue.send("3", "text")
    await eventually(() => batches().length === 1 && queue.invisible.size === 0 && queue.visible.length === 0)
    expect(batches()).toEqual(["2"])
  })

  test("has no more batches in work than the scaling allows", async () => {
    await begin({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }, { MS: "400" })
    for (const id of ["1", "2", "3", "4"]) queue.send(id, "good")
    await eventually(() => queue.invisible.size === 2)
    await eventually(() => {
      expect(queue.invisible.size).toBeLessThanOrEqual(2)
      return batches().length === 4
    })
  })
})
