import { AwsError, type Host } from "../../host.ts"
import type { RunBatch } from "../run.ts"
import { type BatchItem, eventOf } from "./batch.ts"
import { failedPositions } from "./batchResponse.ts"
import type { Mapping } from "./mapping.ts"

/** What the function made of a batch: positions that failed, or that it never saw the batch. */
export type BatchOutcome =
  | { status: "ran"; failed: readonly number[]; partial: boolean; requestId: string }
  | { status: "notReached" }

/** Invokes the mapping's function with a batch; `identify` gives an item's identifier in a partial response. */
export async function invokeBatch<Item extends BatchItem>(
  host: Host,
  run: RunBatch,
  mapping: Mapping,
  items: readonly Item[],
  identify: (item: Item) => string,
  messageId: string,
): Promise<BatchOutcome> {
  const requestId = crypto.randomUUID()
  try {
    const outcome = await run({ function: mapping.function, event: eventOf(items), requestId, messageId })
    if ("error" in outcome)
      return { status: "ran", failed: items.map((_, position) => position), partial: false, requestId }
    const failed = mapping.reportsItemFailures ? failedPositions(JSON.parse(outcome.result), items.map(identify)) : []
    return { status: "ran", failed, partial: true, requestId }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.code !== "TooManyRequestsException")
      host.log.warn("lambda", `mapping ${nameOf(mapping)}: ${error.message}`)
    return { status: "notReached" }
  }
}

/** A mapping as people know it: source and function. */
export function nameOf(mapping: Mapping): string {
  const source = mapping.sourceArn.split(/[:/]/)
  const table = mapping.source === "dynamodb" ? source[source.indexOf("stream") - 1] : source.at(-1)
  return `${table} → ${mapping.function.split(":function:").at(-1)}`
}
