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

export interface Subscription {
  readonly arn: string
  readonly protocol: "lambda" | "sqs"
  readonly endpoint: string
  readonly isRaw: boolean
  readonly deadLetterArn: string | undefined
  accepts(notification: Notification): boolean
}

/** A subscription from its properties. Throws AwsError InvalidEventPatternException for a bad filter policy. */
export function subscriptionFrom(arn: string, properties: JsonObject): Subscription {
  const filter = properties.FilterPolicy === undefined ? undefined : compilePattern(objectOf(properties.FilterPolicy))
  const isOnBody = properties.FilterPolicyScope === "MessageBody"
  return {
    arn,
    protocol: properties.Protocol === "lambda" ? "lambda" : "sqs",
    endpoint: String(properties.Endpoint),
    isRaw: properties.RawMessageDelivery === true || properties.RawMessageDelivery === "true",
    deadLetterArn: textOf(objectOf(properties.RedrivePolicy).deadLetterTargetArn),
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
    } else await send(host, subscription, notification, by)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    host.log.warn("sns", `${notification.topicArn} cannot deliver to ${subscription.endpoint}: ${reason}`)
    if (subscription.deadLetterArn !== undefined)
      await host.queues.send(subscription.deadLetterArn, JSON.stringify(envelope(subscription, notification)), {}, by)
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
