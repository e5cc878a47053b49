import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Json } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, hostWith } from "./localHost.ts"

const attribute = (logicalId: string, name: string) => ({ "Fn::GetAtt": [logicalId, name] })
const queue = { Type: "AWS::SQS::Queue", Properties: {} }
const openTo = (service: string, logicalId: string) => ({
  Type: "AWS::SQS::QueuePolicy",
  Properties: {
    Queues: [{ Ref: logicalId }],
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sqs:SendMessage",
          Resource: attribute(logicalId, "Arn"),
        },
      ],
    },
  },
})

let running: RunningHost
beforeAll(async () => {
  running = await hostWith({
    Pictures: queue,
    Changes: queue,
    Bus: queue,
    PicturesOpen: openTo("s3.amazonaws.com", "Pictures"),
    ChangesOpen: openTo("s3.amazonaws.com", "Changes"),
    BusOpen: openTo("events.amazonaws.com", "Bus"),
    Files: {
      Type: "AWS::S3::Bucket",
      Properties: {
        BucketName: "files",
        NotificationConfiguration: {
          EventBridgeConfiguration: {},
          QueueConfigurations: [
            {
              Event: "s3:ObjectCreated:*",
              Queue: attribute("Pictures", "Arn"),
              Filter: {
                S3Key: {
                  Rules: [
                    { Name: "prefix", Value: "in/" },
                    { Name: "suffix", Value: ".png" },
                  ],
                },
              },
            },
          ],
        },
      },
    },
    Other: { Type: "AWS::S3::Bucket", Properties: { BucketName: "other" } },
    OtherNotifications: {
      Type: "Custom::S3BucketNotifications",
      Properties: {
        ServiceToken: "a function in Python",
        BucketName: "other",
        NotificationConfiguration: {
          QueueConfigurations: [
            { Id: "all", Events: ["s3:ObjectRemoved:Delete"], QueueArn: attribute("Changes", "Arn") },
          ],
        },
      },
    },
    Rule: {
      Type: "AWS::Events::Rule",
      Properties: {
        EventPattern: { source: ["aws.s3"], "detail-type": ["Object Created"] },
        Targets: [{ Id: "queue", Arn: attribute("Bus", "Arn") }],
      },
    },
  })
})
afterAll(() => running.stop())

const client = () => new S3Client({ ...clientOf(running), forcePathStyle: true })
const put = (Bucket: string, Key: string, Body: string) => client().send(new PutObjectCommand({ Bucket, Key, Body }))
const remove = (Bucket: string, Key: string) => client().send(new DeleteObjectCommand({ Bucket, Key }))

async function received(logicalId: string): Promise<Json> {
  const arn = `arn:aws:sqs:eu-west-1:123456789012:${String(running.local.resources[`app.${logicalId}`]).split("/").at(-1)}`
  for (let tries = 0; tries < 100; tries++) {
    const [message] = await running.host.queues.receive(arn, 1)
    if (message !== undefined) {
      await running.host.queues.delete(arn, message.receiptHandle)
      return JSON.parse(message.body)
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return null
}

describe("a bucket", () => {
  test("tells a queue of what it is given, by event, prefix and suffix", async () => {
    await put("files", "out/a.png", "left out")
    await put("files", "in/a.txt", "left out")
    await put("files", "in/red flower.png", "picture")
    expect(await received("Pictures")).toMatchObject({
      Records: [
        {
          eventVersion: "2.1",
          eventSource: "aws:s3",
          eventName: "ObjectCreated:Put",
          s3: {
            bucket: { name: "files", arn: "arn:aws:s3:::files" },
            object: { key: "in/red+flower.png", size: 7, eTag: "5456fc54c74a297ce994998c2873b370" },
          },
        },
      ],
    })
  })

  test("tells EventBridge", async () => {
    expect(await received("Bus")).toMatchObject({
      source: "aws.s3",
      "detail-type": "Object Created",
      resources: ["arn:aws:s3:::files"],
      detail: { bucket: { name: "files" }, object: { key: "out/a.png", size: 8 }, reason: "PutObject" },
    })
  })

  test("takes the notifications of CDK's custom resource, and tells of a removal only when there was something", async () => {
    await put("other", "a", "x")
    await remove("other", "never-there")
    await remove("other", "a")
    expect(await received("Changes")).toMatchObject({
      Records: [{ eventName: "ObjectRemoved:Delete", s3: { configurationId: "all", object: { key: "a" } } }],
    })
  })
})
