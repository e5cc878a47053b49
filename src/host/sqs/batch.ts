import { AwsError, type JsonObject } from "../host.ts"
import { listOf, objectOf } from "../json.ts"

const entriesMax = 10

/** Does one thing per entry of a batch; an entry that fails is answered as failed and stops no other. Throws AwsError when the batch itself is wrong. */
export function eachEntry(input: JsonObject, perform: (entry: JsonObject) => JsonObject): JsonObject {
  const entries = listOf(input.Entries).map(objectOf)
  checkBatch(entries)
  const Successful: JsonObject[] = []
  const Failed: JsonObject[] = []
  for (const entry of entries) {
    const Id = entry.Id ?? ""
    try {
      Successful.push({ Id, ...perform(entry) })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: error.status < 500 })
    }
  }
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) }
}

function checkBatch(entries: readonly JsonObject[]): void {
  const ids = entries.map(({ Id }) => String(Id))
  if (entries.length === 0)
    throw new AwsError("EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request.")
  if (entries.length > entriesMax)
    throw new AwsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    )
  if (new Set(ids).size < ids.length)
    throw new AwsError("BatchEntryIdsNotDistinct", `Id ${ids.find((id, at) => ids.indexOf(id) < at)} repeated.`)
  const wrong = ids.find(id => !/^[\w-]{1,80}$/.test(id))
  if (wrong !== undefined)
    throw new AwsError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    )
}
