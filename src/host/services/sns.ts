import { randomUUID } from "node:crypto"
import { queryOperations } from "../endpoint/operations.ts"
import { queryReply, type XmlValue } from "../endpoint/xml.ts"
import { type AwsCall, AwsError, type Host, type Json, type JsonObject, type Service, type Topics } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import {
  askToConfirm,
  deliver,
  type Notification,
  protocolOf,
  type Subscription,
  subscriptionFrom,
} from "./snsDelivery.ts"

interface Topic {
  readonly arn: string
  policy: JsonObject | undefined
  readonly subscriptions: Map<string, Subscription>
}

/** An HTTP endpoint that has not confirmed yet. */
interface Pending {
  readonly topicArn: string
  readonly subscription: Subscription
}

const batchMax = 10
const namespace = "http://sns.amazonaws.com/doc/2010-03-31/"
const confirmPath = "/_host/sns"

/** SNS topics with subscriptions of Lambda functions, SQS queues and HTTP endpoints, of the template or made by calls. */
export function createSnsService(host: Host): Service & Topics {
  const topics = new Map<string, Topic>()
  const pending = new Map<string, Pending>()
  /** What calls made, by ARN: topics, and properties of subscriptions. */
  const made = host.durable<JsonObject>("sns")
  const arnOf = (name: string) => `arn:aws:sns:${host.region}:${host.accountId}:${name}`

  const topicFor = (call: AwsCall, action: string, arn: string): Topic => {
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

  return {
    name: "sns",
    start: restore,
    http: (_request, response, url) => {
      if (url.pathname !== confirmPath) return false
      try {
        const SubscriptionArn = confirm(url.searchParams.get("Token") ?? "")
        const body = queryReply("ConfirmSubscription", namespace, { SubscriptionArn }, randomUUID())
        response.writeHead(200, { "content-type": "text/xml" }).end(body)
      } catch (error) {
        response.writeHead(400, { "content-type": "text/plain" }).end(error instanceof Error ? error.message : "")
      }
      return true
    },
    publish: async (arn, message, by) => {
      const topic = topics.get(arn)
      if (topic === undefined) throw new AwsError("ResourceNotFoundException", `There is no topic ${arn}.`, 404)
      if (!host.iam.allowsByResourcePolicy(topic.policy, by, "sns:Publish", arn))
        throw new AwsError("AccessDeniedException", `The policy of ${arn} does not let ${by.service} publish.`, 403)
      await send(topic, { message, subject: null, attributes: {}, groupId: null })
    },
    signingNames: ["sns"],
    handle: queryOperations(namespace, {
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
        const { arn, subscriptions } = topicFor(call, "sns:ListSubscriptionsByTopic", input.get("TopicArn") ?? "")
        return {
          Subscriptions: [...subscriptions.values()].map(({ arn: SubscriptionArn, protocol, endpoint }) => ({
            SubscriptionArn,
            Owner: host.accountId,
            Protocol: protocol,
            Endpoint: endpoint,
            TopicArn: arn,
          })),
        }
      },

      Publish: (input, call) => publish(topicFor(call, "sns:Publish", input.get("TopicArn") ?? ""), input, ""),

      PublishBatch: async (input, call) => {
        const topic = topicFor(call, "sns:Publish", input.get("TopicArn") ?? "")
        const entries = Array.from(
          { length: batchMax },
          (_, index) => `PublishBatchRequestEntries.member.${index + 1}.`,
        )
        const Successful: XmlValue[] = []
        for (const prefix of entries.filter(prefix => input.has(`${prefix}Id`)))
          Successful.push({ Id: input.get(`${prefix}Id`) ?? "", ...(await publish(topic, input, prefix)) })
        return { Successful, Failed: [] }
      },

      ListTopics: (_, call) => {
        host.iam.authorize(call.principal, "sns:ListTopics", "*")
        return { Topics: [...topics.keys()].map(TopicArn => ({ TopicArn })) }
      },
    }),

    resources: {
      "AWS::SNS::Topic": {
        create: ({ properties, physicalName }) => {
          const isFifo = properties.FifoTopic === true || properties.FifoTopic === "true"
          const name = textOf(properties.TopicName) ?? physicalName + (isFifo ? ".fifo" : "")
          const arn = arnOf(name)
          topics.set(arn, { arn, policy: undefined, subscriptions: new Map() })
          listOf(properties.Subscription).forEach((subscription, index) => {
            subscribe(arn, `inline-${index}`, objectOf(subscription))
          })
          return { ref: arn, attributes: { TopicArn: arn, TopicName: name } }
        },
        honours: ["TopicName", "FifoTopic", "Subscription"],
        indifferent: ["DisplayName", "KmsMasterKeyId", "Tags", "TracingConfig", "ContentBasedDeduplication"],
      },
      "AWS::SNS::Subscription": {
        create: ({ properties, physicalName }) => {
          const arn = subscribe(String(properties.TopicArn), physicalName, properties)
          return { ref: arn, attributes: { Arn: arn } }
        },
        honours: [
          "TopicArn",
          "Protocol",
          "Endpoint",
          "RawMessageDelivery",
          "FilterPolicy",
          "FilterPolicyScope",
          "RedrivePolicy",
        ],
        indifferent: ["Region"],
      },
      "AWS::SNS::TopicPolicy": {
        create: ({ properties, physicalName }) => {
          for (const arn of listOf(properties.Topics)) {
            const topic = topics.get(String(arn))
            if (topic !== undefined) topic.policy = objectOf(properties.PolicyDocument)
          }
          return { ref: physicalName }
        },
        honours: ["Topics", "PolicyDocument"],
      },
    },
  }
}

/** Properties of a subscription as `Subscribe` gives them; policies are JSON texts. Throws AwsError InvalidParameter. */
function subscriptionProperties(input: URLSearchParams): JsonObject {
  const properties: JsonObject = { kind: "subscription" }
  for (const name of ["Protocol", "Endpoint"]) properties[name] = input.get(name)
  for (let index = 1; input.has(`Attributes.entry.${index}.key`); index++) {
    const name = input.get(`Attributes.entry.${index}.key`) ?? ""
    const value = input.get(`Attributes.entry.${index}.value`) ?? ""
    properties[name] = name.endsWith("Policy") ? parsedPolicy(name, value) : value
  }
  return properties
}

function parsedPolicy(name: string, text: string): JsonObject {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    throw new AwsError("InvalidParameter", `Invalid parameter: ${name}: failed to parse JSON.`)
  }
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
