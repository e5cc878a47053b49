import { createHash } from "node:crypto"
import type { Json, JsonObject, StreamRecord } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"

const sequenceDigits = 21

/** Sequence numbers as AWS writes them: 21 digits, so that their order as text is their order. */
export function awsSequenceNumber(number: string): string {
  return number.padStart(sequenceDigits, "0")
}

/** A record of the DynamoDB behind the host as a Lambda event carries it; undefined for a write that changed nothing, which AWS leaves out. */
export function streamRecord(
  record: JsonObject,
  about: {
    streamArn: string
    region: string
    createdAt: (seconds: number) => number
    isExpiry: (keys: JsonObject, oldImage?: JsonObject) => boolean
  },
): StreamRecord | undefined {
  const change = objectOf(record.dynamodb)
  const eventName = eventNameOf(record)
  if (eventName === "MODIFY" && isSameItem(change.OldImage, change.NewImage)) return undefined
  const Keys = objectOf(change.Keys)
  const SequenceNumber = awsSequenceNumber(String(change.SequenceNumber))
  const isExpiry =
    eventName === "REMOVE" &&
    about.isExpiry(Keys, change.OldImage === undefined ? undefined : objectOf(change.OldImage))
  return {
    eventID: createHash("md5").update(`${about.streamArn} ${SequenceNumber}`).digest("hex"),
    eventName,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: about.region,
    eventSourceARN: about.streamArn,
    ...(isExpiry && { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } }),
    dynamodb: {
      ApproximateCreationDateTime: about.createdAt(Number(change.ApproximateCreationDateTime)),
      Keys,
      ...(change.NewImage !== undefined && { NewImage: objectOf(change.NewImage) }),
      ...(change.OldImage !== undefined && { OldImage: objectOf(change.OldImage) }),
      SequenceNumber,
      SizeBytes: Number(change.SizeBytes),
      StreamViewType: textOf(change.StreamViewType) ?? "KEYS_ONLY",
    },
  }
}

/** The same record as the DynamoDB Streams API answers it. */
export function apiRecord({ eventSourceARN: _, userIdentity, dynamodb, ...record }: StreamRecord): JsonObject {
  return {
    ...record,
    dynamodb: { ...dynamodb },
    ...(userIdentity && { userIdentity: { Type: userIdentity.type, PrincipalId: userIdentity.principalId } }),
  }
}

function eventNameOf({ eventName }: JsonObject): StreamRecord["eventName"] {
  return eventName === "INSERT" || eventName === "REMOVE" ? eventName : "MODIFY"
}

function isSameItem(before: Json | undefined, after: Json | undefined): boolean {
  return before !== undefined && after !== undefined && canonical(before) === canonical(after)
}

/** Text that is equal for equal attribute values: neither members of a map nor of a set have an order. */
function canonical(value: Json, name = ""): string {
  if (Array.isArray(value)) {
    const items = value.map(item => canonical(item))
    return `[${(name === "SS" || name === "NS" || name === "BS" ? items.sort() : items).join()}]`
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map(key => `${JSON.stringify(key)}:${canonical(value[key] ?? null, key)}`).join()}}`
}

/** Records of a GetRecords reply. */
export function recordsOf(reply: JsonObject): JsonObject[] {
  return listOf(reply.Records).map(objectOf)
}
