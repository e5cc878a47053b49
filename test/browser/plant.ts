import { randomUUID } from "node:crypto"
import { PutCommand } from "@aws-sdk/lib-dynamodb"
import type { RunningHost } from "../../src/host/options.ts"
import { storesOf } from "../slice/stores.ts"

/** Stores a second event in an account's stream, past every rule. */
export async function plantSecondEvent(
  running: RunningHost,
  accountId: string,
  type: string,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { client, named } = storesOf(running)
  const row = {
    stream: `${accountId}/account/${accountId}`,
    version: 2,
    type,
    schemaVersion: 1,
    data: JSON.stringify(data),
    commandId: randomUUID(),
    actor: "someone",
    traceId: randomUUID(),
    hops: 0,
    at: new Date(running.host.clock.now()).toISOString(),
  }
  await client.send(new PutCommand({ TableName: named("EventStore"), Item: row }))
}
