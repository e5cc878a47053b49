import { compilePattern, type EventPredicate } from "../../events/pattern.ts"
import type { Json, JsonObject, QueueMessage } from "../../host.ts"

/** Passes the records that one of the patterns matches; without patterns, all. Throws AwsError for a pattern that is not valid. */
export function streamFilter(patterns: readonly string[]): EventPredicate {
  const predicates = patterns.map(pattern => compilePattern(pattern))
  return record => predicates.length === 0 || predicates.some(matches => matches(record))
}

/** The same for messages of a queue: a pattern on `body` looks inside when both are JSON, else compares the text. */
export function queueFilter(patterns: readonly string[]): (message: QueueMessage) => boolean {
  const predicates = patterns.map(pattern => {
    const matches = compilePattern(pattern)
    const looksInside = !Array.isArray(JSON.parse(pattern).body)
    return (message: QueueMessage) => matches(asEvent(message, looksInside))
  })
  return message => predicates.length === 0 || predicates.some(matches => matches(message))
}

function asEvent(message: QueueMessage, looksInside: boolean): JsonObject {
  const body = looksInside ? parsedObject(message.body) : message.body
  const { messageId, md5OfBody, attributes, receiptHandle } = message
  return { messageId, md5OfBody, attributes, receiptHandle, ...(body !== undefined && { body }) }
}

function parsedObject(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
