import type { Host, JsonObject } from "../host.ts"
import { type LambdaFunction, rolePrincipal, type SourceReader } from "./function.ts"

/** What Lambda tells a destination about an invocation. */
export type ResultRecord = JsonObject & { requestContext: JsonObject & { condition: string } }

/** Sends a function's result record to a queue, a topic, a function or an event bus with the function's role. Throws AwsError when it cannot. */
export async function sendToDestination(
  host: Host,
  lambda: SourceReader,
  arn: string,
  record: ResultRecord,
): Promise<void> {
  const principal = rolePrincipal(lambda)
  const service = arn.split(":")[2]
  if (service === "sqs") {
    host.iam.authorize(principal, "sqs:SendMessage", arn)
    await host.queues.send(arn, JSON.stringify(record))
  } else if (service === "sns") {
    host.iam.authorize(principal, "sns:Publish", arn)
    await host.topics.publish(arn, JSON.stringify(record))
  } else if (service === "lambda") {
    await host.lambda.invokeAsync(arn, record, { principal })
  } else if (service === "events") {
    host.iam.authorize(principal, "events:PutEvents", arn)
    await putOnBus(host, lambda, arn, record)
  } else {
    throw new Error(`this host cannot send to ${arn}: use a queue, a topic, a function or an event bus as destination`)
  }
}

/** Sends an event that could not be handled to the function's dead-letter queue, with Lambda's three message attributes. */
export async function sendToDeadLetterQueue(
  host: Host,
  lambda: LambdaFunction,
  event: string,
  failure: { requestId: string; message: string },
): Promise<void> {
  const arn = lambda.deadLetterArn
  if (arn === undefined) return
  if (arn.split(":")[2] !== "sqs")
    throw new Error(`this host cannot send to ${arn}: use an SQS queue as dead-letter queue`)
  host.iam.authorize(rolePrincipal(lambda), "sqs:SendMessage", arn)
  await host.queues.send(arn, event, {
    RequestID: failure.requestId,
    ErrorCode: { type: "Number", value: "200" },
    ErrorMessage: failure.message.slice(0, 1024),
  })
}

async function putOnBus(host: Host, lambda: SourceReader, arn: string, record: ResultRecord): Promise<void> {
  const succeeded = record.requestContext.condition === "Success"
  const [result] = await host.buses.put([
    {
      source: "lambda",
      detailType: `Lambda Function Invocation Result - ${succeeded ? "Success" : "Failure"}`,
      detail: JSON.stringify(record),
      resources: [lambda.arn, arn],
      bus: arn,
    },
  ])
  if (result !== undefined && "ErrorCode" in result) throw new Error(`${arn} refused the event: ${result.ErrorMessage}`)
}
