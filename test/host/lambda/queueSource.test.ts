import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { JsonObject, Queues, Service } from "../../../src/host/host.ts"
import { createSqsService } from "../../../src/host/sqs/service.ts"
import { eventually, type LambdaHost, startLambdaHost } from "./lambdaHost.ts"

const consumer = {
  "index.js": `exports.handler = async ({ Records }) => {
    for (const { body, attributes } of Records) console.log(body + ' ' + attributes.ApproximateReceiveCount)
    if (Records.some(({ body }) => body === 'bad')) throw new Error('poison')
  }`,
}

describe("a real queue", () => {
  let lambda: LambdaHost
  let sqs: Service & Queues
  beforeAll(async () => {
    lambda = await startLambdaHost({
      queues: host => {
        sqs = createSqsService(host)
        return sqs
      },
    })
    await sqs.start?.()
    await lambda.service.start?.()
  })
  afterAll(async () => {
    await lambda.stop()
    await sqs.stop?.()
  })

  const written = () => lambda.lines.map(({ line }) => line).filter(line => !line.startsWith("REPORT"))
  const queue = async (name: string, properties: JsonObject = {}) => {
    const resource = { logicalId: name, stackName: "stack", type: "AWS::SQS::Queue", physicalName: name, metadata: {} }
    const created = await sqs.resources?.["AWS::SQS::Queue"]?.create({ ...resource, properties })
    return String(created?.attributes?.Arn)
  }

  test("gives a failed message again after its visibility timeout, and at last to its dead-letter queue", async () => {
    const deadLetterTargetArn = await queue("dead")
    const EventSourceArn = await queue("work", {
      VisibilityTimeout: 30,
      RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 2 },
    })
    const FunctionName = await lambda.deploy("standard", consumer)
    await lambda.create("AWS::Lambda::EventSourceMapping", { FunctionName, EventSourceArn })
    await sqs.send(EventSourceArn, "bad")
    await eventually(() => written().length === 1)
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(written()).toEqual(["bad 1"])
    for (let round = 0; round < 1_000 && written().length < 2; round++) {
      lambda.clock.advance(31_000)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    expect(written()).toEqual(["bad 1", "bad 2"])
    const dead: unknown[] = []
    for (let round = 0; round < 1_000 && dead.length === 0; round++) {
      lambda.clock.advance(31_000)
      await new Promise(resolve => setTimeout(resolve, 20))
      dead.push(...(await sqs.receive(deadLetterTargetArn, 1)).map(({ body }) => body))
    }
    expect(dead).toEqual(["bad"])
  })

  test("of type FIFO keeps the order of a group", async () => {
    lambda.lines.length = 0
    const EventSourceArn = await queue("ordered", { FifoQueue: true, ContentBasedDeduplication: true })
    const FunctionName = await lambda.deploy("fifo", consumer)
    await lambda.create("AWS::Lambda::EventSourceMapping", { FunctionName, EventSourceArn, BatchSize: 1 }, "Fifo")
    const bodies = Array.from({ length: 10 }, (_, n) => `m${n}`)
    for (const body of bodies) await sqs.send(EventSourceArn, body, {}, undefined, "group")
    await eventually(() => written().length === 10)
    expect(written()).toEqual(bodies.map(body => `${body} 1`))
  })
})
