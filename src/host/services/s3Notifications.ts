import { randomUUID } from "node:crypto"
import type { Host, Json, JsonObject, ResourceProvider } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import type { StoredObject } from "./objectStore.ts"

/** What happened to an object, as S3 names it. */
export type ObjectEvent =
  | "ObjectCreated:Put"
  | "ObjectCreated:Copy"
  | "ObjectCreated:CompleteMultipartUpload"
  | "ObjectRemoved:Delete"

export interface ChangedObject extends Pick<StoredObject, "bucket" | "key"> {
  readonly size?: number
  readonly etag?: string
}

interface Destination {
  readonly id: string
  readonly arn: string
  readonly events: readonly string[]
  readonly prefix: string
  readonly suffix: string
}

interface Configuration {
  readonly destinations: readonly Destination[]
  readonly toEventBridge: boolean
}

export type S3Notifications = ReturnType<typeof createS3Notifications>

/**
 * Tells functions, queues, topics and EventBridge what happens to the objects of a bucket. A destination that refuses is named in
 * the log, where S3 tries again.
 */
export function createS3Notifications(host: Host) {
  const configurations = new Map<string, Configuration>()
  const source = "s3.amazonaws.com"
  let told = 0

  const send = async (arn: string, bucket: string, event: JsonObject): Promise<unknown> => {
    const by = { service: source, sourceArn: `arn:aws:s3:::${bucket}` }
    const kind = arn.split(":")[2]
    if (kind === "lambda") return host.lambda.invokeAsync(arn, event, by)
    if (kind === "sqs") return host.queues.send(arn, JSON.stringify(event), undefined, by)
    return host.topics.publish(arn, JSON.stringify(event), by)
  }

  const tell = (name: ObjectEvent, object: ChangedObject): void => {
    const configuration = configurations.get(object.bucket)
    if (configuration === undefined) return
    const { bucket, key } = object
    const sequencer = `${host.clock.now().toString(16)}${(told++).toString(16).padStart(6, "0")}`.toUpperCase()
    const wanted = configuration.destinations.filter(
      ({ events, prefix, suffix }) =>
        key.startsWith(prefix) && key.endsWith(suffix) && events.some(pattern => isMeant(pattern, name)),
    )
    const deliveries = wanted.map(destination =>
      send(destination.arn, bucket, { Records: [recordOf(host, name, object, destination.id, sequencer)] }),
    )
    if (configuration.toEventBridge) announce(host, name, object, sequencer)
    for (const delivery of deliveries)
      delivery.catch(error =>
        host.log.warn("s3", `${name} of ${bucket}/${key}: ${error instanceof Error ? error.message : error}`),
      )
  }

  return {
    tell,
    /** Takes the NotificationConfiguration of a bucket, in the words of the template or of the S3 API. */
    configure: (bucket: string, given: Json | undefined) => {
      const configuration = objectOf(given)
      if (Object.keys(configuration).length > 0) configurations.set(bucket, configurationOf(configuration))
    },
  }
}

/** CDK's `addEventNotification`, whose own provider is Python: sets the notifications of a bucket. */
export function bucketNotifications(notifications: S3Notifications): ResourceProvider {
  return {
    honours: ["*"],
    create: ({ properties, physicalName }) => {
      notifications.configure(String(properties.BucketName), properties.NotificationConfiguration)
      return { ref: physicalName }
    },
  }
}

function configurationOf(given: JsonObject): Configuration {
  const kinds = ["LambdaConfigurations", "LambdaFunctionConfigurations", "QueueConfigurations", "TopicConfigurations"]
  const { EventBridgeConfiguration: bridge } = given
  return {
    destinations: kinds.flatMap(kind => listOf(given[kind]).map(one => destinationOf(objectOf(one)))),
    toEventBridge: bridge !== undefined && String(objectOf(bridge).EventBridgeEnabled ?? true) === "true",
  }
}

function destinationOf(given: JsonObject): Destination {
  const filter = objectOf(given.Filter)
  const rules = listOf(objectOf(filter.S3Key).Rules ?? objectOf(filter.Key).FilterRules).map(objectOf)
  const ruleOf = (name: string) => textOf(rules.find(rule => String(rule.Name).toLowerCase() === name)?.Value) ?? ""
  return {
    id: textOf(given.Id) ?? randomUUID(),
    arn: String(
      given.Function ?? given.LambdaFunctionArn ?? given.Queue ?? given.QueueArn ?? given.Topic ?? given.TopicArn,
    ),
    events: listOf(given.Events ?? given.Event).map(String),
    prefix: ruleOf("prefix"),
    suffix: ruleOf("suffix"),
  }
}

/** `s3:ObjectCreated:*` means every way to create. */
function isMeant(pattern: string, name: ObjectEvent): boolean {
  const wanted = pattern.replace(/^s3:/, "")
  return wanted === name || (wanted.endsWith(":*") && name.startsWith(wanted.slice(0, -1)))
}

function recordOf(
  host: Host,
  name: ObjectEvent,
  object: ChangedObject,
  configurationId: string,
  sequencer: string,
): JsonObject {
  const { bucket, key, size, etag } = object
  const owner = { principalId: host.accountId }
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: host.region,
    eventTime: new Date(host.clock.now()).toISOString(),
    eventName: name,
    userIdentity: owner,
    requestParameters: { sourceIPAddress: "127.0.0.1" },
    responseElements: { "x-amz-request-id": requestId(), "x-amz-id-2": requestId() },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId,
      bucket: { name: bucket, ownerIdentity: owner, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+"),
        ...(size !== undefined && { size }),
        ...(etag !== undefined && { eTag: etag.replaceAll('"', "") }),
        sequencer,
      },
    },
  }
}

function announce(host: Host, name: ObjectEvent, { bucket, key, size, etag }: ChangedObject, sequencer: string): void {
  const isRemoval = name === "ObjectRemoved:Delete"
  const [, how = ""] = name.split(":")
  const detail = {
    version: "0",
    bucket: { name: bucket },
    object: {
      key,
      ...(size !== undefined && { size }),
      ...(etag !== undefined && { etag: etag.replaceAll('"', "") }),
      sequencer,
    },
    "request-id": requestId(),
    requester: host.accountId,
    "source-ip-address": "127.0.0.1",
    reason: how === "CompleteMultipartUpload" ? how : `${how}Object`,
    ...(isRemoval && { "deletion-type": "Permanently Deleted" }),
  }
  host.buses.announce?.("aws.s3", isRemoval ? "Object Deleted" : "Object Created", detail, [`arn:aws:s3:::${bucket}`])
}

const requestId = () => randomUUID().replaceAll("-", "").slice(0, 16).toUpperCase()
