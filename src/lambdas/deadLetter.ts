import type { CloudEvent } from "../core/ports.ts"

/** What a dead letter is about. */
export type DeadLetter =
  | { readonly kind: "command"; readonly event: CloudEvent; readonly reason: string }
  | { readonly kind: "event"; readonly event: CloudEvent; readonly reason: string }
  | { readonly kind: "stream"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string }

interface BusEvent {
  readonly source?: string
  readonly detail?: CloudEvent
}

/**
 * Reads a dead letter of any stage: an event that a rule could not deliver (the event itself), a function that failed on it
 * (Lambda's on-failure record), or a stream batch (its position only).
 */
export function readDeadLetter(body: string): DeadLetter {
  const letter = JSON.parse(body) as BusEvent & {
    requestPayload?: BusEvent
    requestContext?: { condition?: string }
    responsePayload?: { errorType?: string; errorMessage?: string }
    DDBStreamBatchInfo?: unknown
  }
  if (letter.DDBStreamBatchInfo !== undefined)
    return { kind: "stream", reason: letter.requestContext?.condition ?? "unknown" }
  const event = letter.requestPayload ?? letter
  const failure = letter.responsePayload
  const reason =
    failure === undefined
      ? (letter.requestContext?.condition ?? "it could not be delivered")
      : `${failure.errorType}: ${failure.errorMessage}`
  if (event.detail === undefined) return { kind: "unknown", reason }
  return { kind: event.source === "foldline.actor" ? "command" : "event", event: event.detail, reason }
}
