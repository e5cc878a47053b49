import type { JsonObject } from "../host.ts"
import { listOf } from "../json.ts"
import type { Queue } from "./queue.ts"

/** What GetQueueAttributes answers for the names asked. */
export function queueInfo(queue: Queue, now: number, input: JsonObject): JsonObject {
  const names = listOf(input.AttributeNames).map(String)
  const messages = queue.messages()
  const isHidden = ({ visibleAt }: { visibleAt: number }) => visibleAt > now
  const all: Record<string, string> = {
    ...queue.attributes,
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(messages.filter(message => !isHidden(message)).length),
    ApproximateNumberOfMessagesNotVisible: String(
      messages.filter(message => isHidden(message) && message.receives > 0).length,
    ),
    ApproximateNumberOfMessagesDelayed: String(
      messages.filter(message => isHidden(message) && message.receives === 0).length,
    ),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
  }
  const asked = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name))
  return asked.length === 0 ? {} : { Attributes: Object.fromEntries(asked) }
}
