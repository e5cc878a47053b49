import { randomUUID } from "node:crypto"
import { AwsError, type Host, type JsonObject } from "../host.ts"
import {
  askToConfirm,
  deliver,
  type Notification,
  protocolOf,
  type Subscription,
  subscriptionFrom,
} from "./snsDelivery.ts"

export interface Topic {
  readonly arn: string
  policy: JsonObject | undefined
  readonly subscriptions: Map<string, Subscription>
}

/** An HTTP endpoint that has not confirmed yet. */
interface Pending {
  readonly topicArn: string
  readonly subscription: Subscription
}

export type TopicStore = ReturnType<typeof createTopicStore>

/** Where an endpoint confirms its subscription. */
export const confirmPath = "/_host/sns"

/** The topics of the host and who listens to them. */
export function createTopicStore(host: Host) {
  const topics = new Map<string, Topic>()
  const pending = new Map<string, Pending>()
  /** What calls made, by ARN: topics, and properties of subscriptions. */
  const made = host.durable<JsonObject>("sns")
  const arnOf = (name: string) => `arn:aws:sns:${host.region}:${host.accountId}:${name}`

  /** Hands a message to every subscription that lets it through; gives its id. Throws AwsError InvalidParameter. */
  const send = async (
    topic: Topic,
    parts: Omit<Notification, "messageId" | "topicArn" | "timestamp">,
  ): Promise<string> => {
    if (parts.message === "") throw new AwsError("InvalidParameter", "Invalid parameter: Empty message")
    const notification: Notification = {
      ...parts,
      messageId: randomUUID(),
      topicArn: topic.arn,
      timestamp: new Date(host.clock.now()).toISOString(),
    }
    for (const subscription of topic.subscriptions.values()) await deliver(host, subscription, notification)
    return notification.messageId
  }

  /** Adds a subscription by the properties that templates and calls spell alike; an endpoint is asked to confirm first. */
  const subscribe = (topicArn: string, subscriptionId: string, properties: JsonObject): string => {
    const topic = topics.get(topicArn)
    if (topic === undefined) throw new Error(`there is no topic ${topicArn}`)
    const arn = `${topicArn}:${subscriptionId}`
    const protocol = protocolOf(properties.Protocol)
    if (protocol === undefined) {
      host.log.warn(
        "sns",
        `subscriptions by ${properties.Protocol} are not supported: ${properties.Endpoint} gets nothing`,
      )
      return arn
    }
    const subscription = subscriptionFrom(arn, properties)
    if ((protocol === "http" || protocol === "https") && properties.Confirmed !== true) {
      void ask(topicArn, subscription)
      return arn
    }
    topic.subscriptions.set(arn, subscription)
    return arn
  }

  const ask = (topicArn: string, subscription: Subscription): Promise<void> => {
    const token = randomUUID().replaceAll("-", "")
    pending.set(token, { topicArn, subscription })
    const parameters = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn: topicArn, Token: token })
    return askToConfirm(host, subscription, topicArn, token, `${host.url}${confirmPath}?${parameters}`)
  }

  /** Confirms a pending subscription; gives its ARN. Throws AwsError InvalidParameter. */
  const confirm = (token: string): string => {
    const waiting = pending.get(token)
    const topic = topics.get(waiting?.topicArn ?? "")
    if (waiting === undefined || topic === undefined) throw new AwsError("InvalidParameter", "Invalid token")
    const { arn } = waiting.subscription
    topic.subscriptions.set(arn, waiting.subscription)
    pending.delete(token)
    const properties = made.get(arn)
    if (properties !== undefined) made.set(arn, { ...properties, Confirmed: true })
    return arn
  }

  const addTopic = (arn: string): void => {
    topics.set(arn, topics.get(arn) ?? { arn, policy: undefined, subscriptions: new Map() })
  }

  /** Topics first, then their subscriptions; what the template has meanwhile wins. */
  const restore = (): void => {
    const entries = [...made.entries()]
    for (const [arn, { kind }] of entries) if (kind === "topic") addTopic(arn)
    for (const [arn, properties] of entries) {
      const topicArn = arn.slice(0, arn.lastIndexOf(":"))
      if (properties.kind === "subscription" && topics.has(topicArn))
        subscribe(topicArn, arn.slice(topicArn.length + 1), properties)
    }
  }

  const pendingOf = (arn: string): number => [...pending.values()].filter(({ topicArn }) => topicArn === arn).length

  return { pendingOf, topics, made, arnOf, send, subscribe, confirm, addTopic, restore }
}
