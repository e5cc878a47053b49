import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams"
import { insertedKeys } from "../adapters/dynamodb/streamBatch.ts"
import { required } from "../adapters/environment.ts"
import { cloudEventToCommand } from "../core/cloudEvent.ts"
import { deliverRowOrKeep, redeliverOrKeep } from "../core/run/deliver.ts"
import { noteRepeat } from "../core/run/noteRepeat.ts"
import { failOrPark } from "../core/run/park.ts"
import { caretakerPorts } from "./caretakerPorts.ts"
import { type DeadLetter, functionName } from "./deadLetter.ts"

const streams = new DynamoDBStreamsClient({})
const deciders = new Set(required("DECIDER_ARNS").split(",").map(functionName))

/**
 * Heals what a dead letter is about or makes it visible: a command that its decider gave up ends FAILED, or waits when its stream is
 * set aside; any other message goes on the bus once more, and rows of the outbox are delivered by their keys; what fails again is
 * kept for support. Throws when the letter is none of ours.
 */
export async function settleLetter(letter: DeadLetter): Promise<void> {
  if (letter.kind === "unknown") throw new Error(`not a letter of this application: ${letter.reason}`)
  const ports = caretakerPorts()
  if (letter.kind === "row") {
    await deliverRowOrKeep(ports, letter.row)
    return
  }
  if (letter.kind === "stream") {
    for (const key of await insertedKeys(streams, letter.batch)) await deliverRowOrKeep(ports, key)
    return
  }
  const { message, consumerArn, reason } = letter
  const consumer = functionName(consumerArn)
  if (message.channel !== "actor" || !deciders.has(consumer)) {
    await redeliverOrKeep(ports, message, consumer, reason)
    return
  }
  const request = cloudEventToCommand(message.event)
  await noteRepeat(ports, request, await failOrPark(ports, request, reason))
}
