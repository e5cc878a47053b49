import type { QueryOperation } from "../endpoint/operations.ts"
import type { XmlValue } from "../endpoint/xml.ts"
import { type AwsCall, AwsError, type Host, type Json, type JsonObject } from "../host.ts"
import { objectOf } from "../json.ts"
import { type Subscription, subscriptionFrom } from "./snsDelivery.ts"
import type { Topic, TopicStore } from "./snsTopics.ts"

/** Finds a topic that the caller may use so. Throws AwsError NotFound | AuthorizationError. */
export type TopicFor = (call: AwsCall, action: string, arn: string) => Topic

const changeable = ["RawMessageDelivery", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"]

/** The calls of SNS about attributes of topics and subscriptions. */
export function snsAttributeCalls(host: Host, store: TopicStore, topicFor: TopicFor): Record<string, QueryOperation> {
  const { topics, made } = store

  const subscriptionFor = (input: URLSearchParams, call: AwsCall, action: string) => {
    const arn = input.get("SubscriptionArn") ?? ""
    const topic = topicFor(call, action, arn.slice(0, arn.lastIndexOf(":")))
    const subscription = topic.subscriptions.get(arn)
    if (subscription === undefined) throw new AwsError("NotFound", "Subscription does not exist", 404)
    return { topic, subscription }
  }

  return {
    GetTopicAttributes: (input, call) => {
      const { arn, policy, subscriptions } = topicFor(call, "sns:GetTopicAttributes", input.get("TopicArn") ?? "")
      return attributes({
        TopicArn: arn,
        Owner: host.accountId,
        DisplayName: "",
        SubscriptionsConfirmed: String(subscriptions.size),
        SubscriptionsPending: String(store.pendingOf(arn)),
        SubscriptionsDeleted: "0",
        ...(policy !== undefined && { Policy: JSON.stringify(policy) }),
      })
    },

    ListSubscriptions: (_, call) => {
      host.iam.authorize(call.principal, "sns:ListSubscriptions", "*")
      const all = [...topics.values()].flatMap(topic => [...topic.subscriptions.values()].map(one => ({ topic, one })))
      return { Subscriptions: all.map(({ topic, one }) => describeSubscription(host, topic, one)) }
    },

    GetSubscriptionAttributes: (input, call) => {
      const { topic, subscription } = subscriptionFor(input, call, "sns:GetSubscriptionAttributes")
      const set = changeable.flatMap(name => {
        const value = subscription.properties[name]
        return value === undefined ? [] : [[name, textOfAttribute(value)]]
      })
      return attributes({
        ...describeSubscription(host, topic, subscription),
        ConfirmationWasAuthenticated: "true",
        PendingConfirmation: "false",
        RawMessageDelivery: "false",
        ...Object.fromEntries(set),
      })
    },

    SetSubscriptionAttributes: (input, call) => {
      const { topic, subscription } = subscriptionFor(input, call, "sns:SetSubscriptionAttributes")
      const name = input.get("AttributeName") ?? ""
      if (!changeable.includes(name)) throw new AwsError("InvalidParameter", "Invalid parameter: AttributeName")
      const value = attributeValue(name, input.get("AttributeValue") ?? "")
      const properties = { ...subscription.properties, [name]: value }
      topic.subscriptions.set(subscription.arn, subscriptionFrom(subscription.arn, properties))
      if (made.get(subscription.arn) !== undefined) made.set(subscription.arn, properties)
      return {}
    },
  }
}

/** How lists show a subscription. */
export const describeSubscription = (host: Host, topic: Topic, subscription: Subscription) => ({
  SubscriptionArn: subscription.arn,
  Owner: host.accountId,
  Protocol: subscription.protocol,
  Endpoint: subscription.endpoint,
  TopicArn: topic.arn,
})

const attributes = (members: Record<string, string>): XmlValue => ({
  Attributes: { entry: Object.entries(members).map(([key, value]) => ({ key, value })) },
})

const textOfAttribute = (value: Json): string => (typeof value === "object" ? JSON.stringify(value) : String(value))

/** The value of an attribute of a subscription; policies are JSON texts. Throws AwsError InvalidParameter. */
export function attributeValue(name: string, text: string): string | JsonObject {
  if (!name.endsWith("Policy")) return text
  try {
    return objectOf(JSON.parse(text))
  } catch {
    throw new AwsError("InvalidParameter", `Invalid parameter: ${name}: failed to parse JSON.`)
  }
}
