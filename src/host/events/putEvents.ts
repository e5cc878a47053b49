import { createHash, randomUUID } from "node:crypto"
import { AwsError, type BusEntry, type Host, type Json, type JsonObject } from "../host.ts"
import { stableText } from "../stableText.ts"

/** What PutEvents answers for one entry. */
export type EntryResult = { EventId: string } | { ErrorCode: string; ErrorMessage: string }

const entriesMax = 10
const totalBytesMax = 1_048_576

/** Throws AwsError ValidationException for more than ten entries, none, or more than 1 MB of them. */
export function checkRequest(entries: readonly BusEntry[]): void {
  if (entries.length < 1 || entries.length > entriesMax) {
    const bound = entries.length < 1 ? "greater than or equal to 1" : "less than or equal to 10"
    const shown = entries.map(
      ({ source, detailType }) => `PutEventsRequestEntry(source=${source}, detailType=${detailType})`,
    )
    throw invalid(
      `1 validation error detected: Value '[${shown.join(", ")}]' at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
    )
  }
  const total = entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0)
  if (total > totalBytesMax) throw invalid("Total size of the entries in the request is over the limit.")
}

/** The envelope of an accepted entry, or the error that EventBridge answers for it. */
export function acceptEntry(host: Host, entry: BusEntry): JsonObject | { ErrorCode: string; ErrorMessage: string } {
  const { source, detailType, detail } = entry
  for (const [name, value] of Object.entries({ Source: source, DetailType: detailType, Detail: detail })) {
    if (value) continue
    const reason = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`
    return { ErrorCode: "InvalidArgument", ErrorMessage: reason }
  }
  if (source?.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." }
  }
  const content = parseObject(detail ?? "")
  if (!content) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." }
  return envelope(host, { ...entry, source: source ?? "", detailType: detailType ?? "" }, content)
}

/** The event as rules and targets see it; time has a precision of a second. */
export function envelope(
  host: Host,
  { source, detailType, time, resources = [] }: BusEntry & { source: string; detailType: string },
  detail: JsonObject,
): JsonObject {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source,
    account: host.accountId,
    time: `${new Date(time ?? host.clock.now()).toISOString().slice(0, 19)}Z`,
    region: host.region,
    resources: [...resources],
    detail,
  }
}

/**
 * Names a message by its content, the same in every run: a CloudEvent by its type and the command behind it, or by its own id
 * where that was not made anew; anything else by a hash.
 */
export function contentId(event: JsonObject): string {
  const { source, detail } = event
  const { id, type, commandid } = isObject(detail) ? detail : {}
  if (typeof commandid === "string") return `${source}|${type}|${commandid}`
  if (typeof id === "string" && stableText(id) === id) return `${source}|${id}`
  const content = stableText(JSON.stringify([source, event["detail-type"], event.resources, detail]))
  return `${source}|${createHash("sha256").update(content).digest("base64url").slice(0, 22)}`
}

/** Bytes of an entry as EventBridge counts them. */
export function sizeOf({ source, detailType, detail, time, resources = [] }: BusEntry): number {
  const texts = [source ?? "", detailType ?? "", detail ?? "", ...resources]
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), time === undefined ? 0 : 14)
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message)
}
