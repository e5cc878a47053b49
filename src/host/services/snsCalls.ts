import { randomUUID } from "node:crypto"
import { queryOperations } from "../endpoint/operations.ts"
import type { XmlValue } from "../endpoint/xml.ts"
import { AwsError, type Host, type Json, type JsonObject } from "../host.ts"
import { attributeValue, describeSubscription, snsAttributeCalls, type TopicFor } from "./snsAttributes.ts"
import { type Notification, protocolOf } from "./snsDelivery.ts"
import type { Topic, TopicStore } from "./snsTopics.ts"

export const snsNamespace = "http://sns.amazonaws.com/doc/2010-03-31/"
const batchMax = 10

/** The calls of SNS. */
export function snsCalls(host: Host, store: TopicStore) {
  const { topics, made, arnOf, send, subscribe, confirm, addTopic } = store

  const topicFor: TopicFor = (call, action, arn) => {
    const topic = topics.get(arn)
    asSns(action, () => {
      if (!host.iam.allowsByResourcePolicy(topic?.policy, { principal: call.principal }, action, arn))
        host.iam.authorize(call.principal, action, arn)
    })
    if (topic === undefined) throw new AwsError("NotFound", "Topic does not exist", 404)
    return topic
  }

  const publish = async (topic: Topic, input: URLSearchParams, prefix: string): Promise<Record<string, XmlValue>> => {
    const message = input.get(`${prefix}Message`) ?? ""
    const parts = { subject: input.get(`${prefix}Subject`), groupId: input.get(`${prefix}MessageGroupId`) }
    return { MessageId: await send(topic, { ...parts, message, attributes: attributesOf(input, prefix) }) }
  }

  return queryOperations(snsNamespace, {
    ...snsAttributeCalls(host, store, topicFor),

    CreateTopic: (input, call) => {
      const arn = arnOf(input.get("Name") ?? "")
      host.iam.authorize(call.principal, "sns:CreateTopic", arn)
      addTopic(arn)
      made.set(arn, { kind: "topic" })
      return { TopicArn: arn }
    },

    DeleteTopic: (input, call) => {
      const { arn } = topicFor(call, "sns:DeleteTopic", input.get("TopicArn") ?? "")
      topics.delete(arn)
      for (const [key] of [...made.entries()]) if (key === arn || key.startsWith(`${arn}:`)) made.delete(key)
      return {}
    },

    Subscribe: (input, call) => {
      const { arn, subscriptions } = topicFor(call, "sns:Subscribe", input.get("TopicArn") ?? "")
      const properties = subscriptionProperties(input)
      if (protocolOf(properties.Protocol) === undefined)
        throw new AwsError("InvalidParameter", `Invalid parameter: this host has no protocol ${properties.Protocol}`)
      const id = randomUUID()
      made.set(`${arn}:${id}`, properties)
      const subscriptionArn = subscribe(arn, id, properties)
      return { SubscriptionArn: subscriptions.has(subscriptionArn) ? subscriptionArn : "pending confirmation" }
    },

    ConfirmSubscription: input => ({ SubscriptionArn: confirm(input.get("Token") ?? "") }),

    Unsubscribe: (input, call) => {
      const arn = input.get("SubscriptionArn") ?? ""
      topicFor(call, "sns:Unsubscribe", arn.slice(0, arn.lastIndexOf(":"))).subscriptions.delete(arn)
      made.delete(arn)
      return {}
    },

    ListSubscriptionsByTopic: (input, call) => {
      const topic = topicFor(call, "sns:ListSubscriptionsByTopic", input.get("TopicArn") ?? "")
      return { Subscriptions: [...topic.subscriptions.values()].map(one => describeSubscription(host, topic, one)) }
    },

    Publish: (input, call) => publish(topicFor(call, "sns:Publish", input.get("TopicArn") ?? ""), input, ""),

    PublishBatch: async (input, call) => {
      const topic = topicFor(call, "sns:Publish", input.get("TopicArn") ?? "")
      const entries = Array.from({ length: batchMax }, (_, index) => `PublishBatchRequestEntries.member.${index + 1}.`)
      const Successful: XmlValue[] = []
      for (const prefix of entries.filter(prefix => input.has(`${prefix}Id`)))
        Successful.push({ Id: input.get(`${prefix}Id`) ?? "", ...(await publish(topic, input, prefix)) })
      return { Successful, Failed: [] }
    },

    ListTopics: (_, call) => {
      host.iam.authorize(call.principal, "sns:ListTopics", "*")
      return { Topics: [...topics.keys()].map(TopicArn => ({ TopicArn })) }
    },
  })
}

/** Properties of a subscription as `Subscribe` gives them; policies are JSON texts. Throws AwsError InvalidParameter. */
function subscriptionProperties(input: URLSearchParams): JsonObject {
  const properties: JsonObject = { kind: "subscription" }
  for (const name of ["Protocol", "Endpoint"]) properties[name] = input.get(name)
  for (let index = 1; input.has(`Attributes.entry.${index}.key`); index++) {
    const name = input.get(`Attributes.entry.${index}.key`) ?? ""
    const value = input.get(`Attributes.entry.${index}.value`) ?? ""
    properties[name] = attributeValue(name, value)
  }
  return properties
}

/** SNS has its own name for a refusal, and writes its actions in capitals. */
function asSns(action: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const message = error.message.replaceAll(action, action.replace(/^sns/, "SNS"))
    throw new AwsError("AuthorizationError", message, 403)
  }
}

function attributesOf(input: URLSearchParams, prefix: string): Notification["attributes"] {
  const attributes: Record<string, { Type: string; Value: string }> = {}
  for (let index = 1; input.has(`${prefix}MessageAttributes.entry.${index}.Name`); index++) {
    const entry = `${prefix}MessageAttributes.entry.${index}.`
    const value = input.get(`${entry}Value.StringValue`) ?? input.get(`${entry}Value.BinaryValue`)
    const type: Json = input.get(`${entry}Value.DataType`) ?? "String"
    attributes[input.get(`${entry}Name`) ?? ""] = { Type: type, Value: value ?? "" }
  }
  return attributes
}
