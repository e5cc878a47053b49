import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge"
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { clientSettings, resourceNamed } from "./access.ts"
import type { Local } from "./hostProcess.ts"

/** A message as the bus delivered it. */
export interface Tapped {
  readonly source: string
  readonly detail: Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string }
}

/** A rule and a queue that keep a copy of whatever goes over the bus. */
export interface BusTap {
  /** All that was heard so far, each message once. */
  drain(): Promise<readonly Tapped[]>
}

const queueName = "chaos-tap"
const receivedAtOnceMax = 10

/** Taps the bus of a host; what the tap holds survives a kill. */
export async function tapBus(local: Local, accountId = "123456789012"): Promise<BusTap> {
  const settings = clientSettings(local)
  const sqs = new SQSClient(settings)
  const events = new EventBridgeClient(settings)
  const queueArn = `arn:aws:sqs:${local.region}:${accountId}:${queueName}`
  const EventBusName = resourceNamed(local, "Bus")
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
      },
    ],
  }
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: queueName, Attributes: { Policy: JSON.stringify(policy) } }),
  )
  const EventPattern = JSON.stringify({ source: [{ prefix: "foldline." }] })
  await events.send(new PutRuleCommand({ Name: queueName, EventBusName, EventPattern }))
  await events.send(new PutTargetsCommand({ Rule: queueName, EventBusName, Targets: [{ Id: "Queue", Arn: queueArn }] }))

  const heard = new Map<string, Tapped>()
  return {
    async drain() {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: receivedAtOnceMax, WaitTimeSeconds: 0 }),
        )
        if (Messages.length === 0) return [...heard.values()]
        for (const { Body = "{}" } of Messages) {
          const message: Tapped = JSON.parse(Body)
          heard.set(`${message.source} ${message.detail.id}`, message)
        }
        const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }))
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
      }
    },
  }
}
