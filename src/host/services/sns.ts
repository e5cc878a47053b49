import { randomUUID } from "node:crypto"
import { queryOperations } from "../endpoint/operations.ts"
import type { XmlValue } from "../endpoint/xml.ts"
import { type AwsCall, AwsError, type Host, type Json, type JsonObject, type Service, type Topics } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { deliver, type Notification, type Subscription, subscriptionFrom } from "./snsDelivery.ts"

interface Topic {
  readonly arn: string
  policy: JsonObject | undefined
  readonly subscriptions: Map<string, Subscription>
}

const batchMax = 10

/** SNS topics with subscriptions of Lambda functions and SQS queues; they come from the template only. */
export function createSnsService(host: Host): Service & Topics {
  const topics = new Map<string, Topic>()
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
    if (properties.Protocol !== "lambda" && properties.Protocol !== "sqs") {
      host.log.warn(
        "sns",
        `subscriptions by ${properties.Protocol} are not supported: ${properties.Endpoint} gets nothing`,
      )
      return arn
    }
    topic.subscriptions.set(arn, subscriptionFrom(arn, properties))
    return arn
  }

  return {
    name: "sns",
    publish: async (arn, message, by) => {
      const topic = topics.get(arn)
      if (topic === undefined) throw new AwsError("ResourceNotFoundException", `There is no topic ${arn}.`, 404)
      if (!host.iam.allowsByResourcePolicy(topic.policy, by, "sns:Publish", arn))
        throw new AwsError("AccessDeniedException", `The policy of ${arn} does not let ${by.service} publish.`, 403)
      await send(topic, { message, subject: null, attributes: {}, groupId: null })
    },
    signingNames: ["sns"],
    handle: queryOperations("http://sns.amazonaws.com/doc/2010-03-31/", {
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
