import { randomUUID } from "node:crypto"
import { compilePattern } from "../events/pattern.ts"
import type { Host, Json, JsonObject } from "../host.ts"
import { objectOf, textOf } from "../json.ts"

export interface Notification {
  readonly messageId: string
  readonly topicArn: string
  readonly subject: string | null
  readonly message: string
  readonly attributes: Record<string, { Type: string; Value: string }>
  readonly groupId: string | null
  readonly timestamp: string
}

export type Protocol = "lambda" | "sqs" | "http" | "https"

/** The protocol when the host delivers by it. */
export const protocolOf = (value: Json | undefined): Protocol | undefined =>
  value === "lambda" || value === "sqs" || value === "http" || value === "https" ? value : undefined

export interface Subscription {
  readonly arn: string
  readonly protocol: Protocol
  readonly endpoint: string
  readonly isRaw: boolean
  readonly deadLetterArn: string | undefined
  readonly properties: JsonObject
  accepts(notification: Notification): boolean
}

/** A subscription from its properties. Throws AwsError InvalidEventPatternException for a bad filter policy. */
export function subscriptionFrom(arn: string, properties: JsonObject): Subscription {
  const filter = properties.FilterPolicy === undefined ? undefined : compilePattern(objectOf(properties.FilterPolicy))
  const isOnBody = properties.FilterPolicyScope === "MessageBody"
  return {
    arn,
    protocol: protocolOf(properties.Protocol) ?? "sqs",
    endpoint: String(properties.Endpoint),
    isRaw: properties.RawMessageDelivery === true || properties.RawMessageDelivery === "true",
    deadLetterArn: textOf(objectOf(properties.RedrivePolicy).deadLetterTargetArn),
    properties,
    accepts: notification => filter?.(isOnBody ? bodyOf(notification) : valuesOf(notification)) ?? true,
  }
}

/**
 * Hands a notification to the function's asynchronous queue or to the SQS queue, both of which keep it. One that they refuse goes
 * to the dead-letter queue at once: a refusal on a laptop is a missing permission or target, which a retry does not mend.
 */
export async function deliver(host: Host, subscription: Subscription, notification: Notification): Promise<void> {
  if (!subscription.accepts(notification)) return
  const by = { service: "sns.amazonaws.com", sourceArn: notification.topicArn }
  try {
    if (subscription.protocol === "lambda") {
      const payload = { Records: [lambdaRecord(subscription, notification)] }
      await host.lambda.invokeAsync(subscription.endpoint, payload, { ...by, messageId: notification.messageId })
    } else if (subscription.protocol === "sqs") await send(host, subscription, notification, by)
    else await post(host, subscription, notification)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    host.log.warn("sns", `${notification.topicArn} cannot deliver to ${subscription.endpoint}: ${reason}`)
    if (subscription.deadLetterArn !== undefined)
      await host.queues.send(subscription.deadLetterArn, JSON.stringify(envelope(subscription, notification)), {}, by)
  }
}

/** Delays of the retries of an HTTP endpoint [SNS delivery policy: three at once, then with pauses; the long tail left out]. */
const retryDelaysMs = [0, 0, 0, 1_000, 1_000, 5_000, 20_000]

/** Posts a notification; answers outside of 2xx and failed connections are tried again. */
async function post(host: Host, subscription: Subscription, notification: Notification): Promise<void> {
  const { arn, isRaw, endpoint } = subscription
  const body = isRaw ? notification.message : JSON.stringify(envelope(subscription, notification), null, 2)
  const headers = {
    ...snsHeaders("Notification", notification.topicArn, notification.messageId),
    "x-amz-sns-subscription-arn": arn,
    ...(isRaw && { "x-amz-sns-rawdelivery": "true" }),
  }
  for (const delayMs of [...retryDelaysMs, undefined]) {
    const status = await postOnce(endpoint, headers, body)
    if (status === undefined) return
    if (delayMs === undefined) throw new Error(status)
    await host.clock.sleep(delayMs)
  }
}

/** Asks an HTTP endpoint to confirm its subscription by visiting `subscribeUrl`. */
export async function askToConfirm(
  host: Host,
  { endpoint }: Subscription,
  topicArn: string,
  token: string,
  subscribeUrl: string,
): Promise<void> {
  const MessageId = randomUUID()
  const body = {
    Type: "SubscriptionConfirmation",
    MessageId,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: subscribeUrl,
    Timestamp: new Date(host.clock.now()).toISOString(),
    SignatureVersion: "1",
    Signature: "local",
    SigningCertURL: "",
  }
  const headers = snsHeaders("SubscriptionConfirmation", topicArn, MessageId)
  const failure = await postOnce(endpoint, headers, JSON.stringify(body, null, 2))
  if (failure !== undefined) host.log.warn("sns", `${endpoint} was not asked to confirm its subscription: ${failure}`)
}

const snsHeaders = (type: string, topicArn: string, messageId: string): Record<string, string> => ({
  "content-type": "text/plain; charset=UTF-8",
  "user-agent": "Amazon Simple Notification Service Agent",
  "x-amz-sns-message-type": type,
  "x-amz-sns-message-id": messageId,
  "x-amz-sns-topic-arn": topicArn,
})

const answerMaxMs = 15_000

/** Undefined for an answer of 2xx, else what went wrong. */
async function postOnce(url: string, headers: Record<string, string>, body: string): Promise<string | undefined> {
  try {
    const { ok, status } = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(answerMaxMs) })
    return ok ? undefined : `it answered ${status}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function send(
  host: Host,
  subscription: Subscription,
  notification: Notification,
  by: { service: string; sourceArn: string },
) {
  const { message, attributes, groupId } = notification
  const body = subscription.isRaw ? message : JSON.stringify(envelope(subscription, notification))
  const sent = subscription.isRaw
    ? Object.entries(attributes).map(([name, { Type, Value }]) => [name, { type: Type, value: Value }])
    : []
  return host.queues.send(subscription.endpoint, body, Object.fromEntries(sent), by, groupId ?? undefined)
}

function envelope({ arn }: Subscription, notification: Notification): JsonObject {
  const { messageId, topicArn, subject, message, attributes, timestamp } = notification
  return {
    Type: "Notification",
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject !== null && { Subject: subject }),
    Message: message,
    Timestamp: timestamp,
    SignatureVersion: "1",
    Signature: "local",
    SigningCertURL: "",
    UnsubscribeURL: `?Action=Unsubscribe&SubscriptionArn=${arn}`,
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  }
}

function lambdaRecord(subscription: Subscription, notification: Notification): JsonObject {
  const { SigningCertURL, UnsubscribeURL, ...rest } = envelope(subscription, notification)
  return {
    EventSource: "aws:sns",
    EventVersion: "1.0",
    EventSubscriptionArn: subscription.arn,
    Sns: {
      ...rest,
      Subject: notification.subject,
      SigningCertUrl: SigningCertURL ?? "",
      UnsubscribeUrl: UnsubscribeURL ?? "",
      MessageAttributes: notification.attributes,
    },
  }
}

function bodyOf({ message }: Notification): JsonObject {
  try {
    return objectOf(JSON.parse(message))
  } catch {
    return {}
  }
}

function valuesOf({ attributes }: Notification): JsonObject {
  const values = Object.entries(attributes).map(([name, { Type, Value }]): [string, Json] => [
    name,
    Type === "Number" || Type === "String.Array" ? JSON.parse(Value) : Value,
  ])
  return Object.fromEntries(values)
}
