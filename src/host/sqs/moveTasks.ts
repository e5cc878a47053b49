import { randomUUID } from "node:crypto"
import type { Clock } from "../clock.ts"
import { AwsError, type JsonObject } from "../host.ts"
import { textOf } from "../json.ts"
import type { QueueRegistry } from "./queues.ts"
import { redriveOf } from "./settings.ts"

const keptMax = 10
const hiddenMs = 30_000

/** Redrive of dead letters: StartMessageMoveTask moves all that is there at once, so that a task is complete when it is listed. */
export function createMoveTasks(queues: QueueRegistry, clock: Clock) {
  const tasks: JsonObject[] = []

  return {
    start: (input: JsonObject): JsonObject => {
      const source = queues.byArn(String(input.SourceArn))
      const isDeadLetterQueue = queues.all().some(({ attributes }) => redriveOf(attributes)?.targetArn === source.arn)
      if (!isDeadLetterQueue)
        throw new AwsError("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
      const destination = textOf(input.DestinationArn)
      const visible = source.receive(Number.POSITIVE_INFINITY, hiddenMs)
      for (const message of visible) {
        const target = queues.byArn(destination ?? message.deadLetterSource ?? "")
        target.adopt(message)
        source.delete(message.receipt ?? "")
      }
      tasks.unshift({
        TaskHandle: randomUUID(),
        Status: "COMPLETED",
        SourceArn: source.arn,
        ...(destination !== undefined && { DestinationArn: destination }),
        ApproximateNumberOfMessagesMoved: visible.length,
        ApproximateNumberOfMessagesToMove: visible.length,
        StartedTimestamp: Math.floor(clock.now()),
      })
      tasks.splice(keptMax)
      return { TaskHandle: tasks[0]?.TaskHandle ?? "" }
    },
    list: (input: JsonObject): JsonObject => {
      const ofSource = tasks.filter(({ SourceArn }) => SourceArn === input.SourceArn)
      return { Results: ofSource.slice(0, Number(input.MaxResults ?? 1)) }
    },
  }
}
