import { randomUUID } from "node:crypto"
import { queryReply } from "../endpoint/xml.ts"
import { AwsError, type Host, type ResourceProvider, type Service, type Topics } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { snsCalls, snsNamespace } from "./snsCalls.ts"
import { confirmPath, createTopicStore, type TopicStore } from "./snsTopics.ts"

/** SNS topics with subscriptions of Lambda functions, SQS queues and HTTP endpoints, of the template or made by calls. */
export function createSnsService(host: Host): Service & Topics {
  const store = createTopicStore(host)
  const { topics, confirm, send, restore } = store
  return {
    name: "sns",
    start: restore,
    http: (_request, response, url) => {
      if (url.pathname !== confirmPath) return false
      try {
        const SubscriptionArn = confirm(url.searchParams.get("Token") ?? "")
        const body = queryReply("ConfirmSubscription", snsNamespace, { SubscriptionArn }, randomUUID())
        response.writeHead(200, { "content-type": "text/xml" }).end(body)
      } catch (error) {
        response.writeHead(400, { "content-type": "text/plain" }).end(error instanceof Error ? error.message : "")
      }
      return true
    },
    publish: async (arn, message, by) => {
      const topic = topics.get(arn)
      if (topic === undefined) throw new AwsError("ResourceNotFoundException", `There is no topic ${arn}.`, 404)
      if (by !== undefined && !host.iam.allowsByResourcePolicy(topic.policy, by, "sns:Publish", arn))
        throw new AwsError("AccessDeniedException", `The policy of ${arn} does not let ${by.service} publish.`, 403)
      await send(topic, { message, subject: null, attributes: {}, groupId: null })
    },
    signingNames: ["sns"],
    handle: snsCalls(host, store),
    resources: snsResources(store),
  }
}

const snsResources = ({ topics, arnOf, subscribe }: TopicStore): Record<string, ResourceProvider> => ({
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
})
