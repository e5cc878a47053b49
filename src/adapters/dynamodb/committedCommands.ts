import { DeleteCommand, type DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb"
import type { Cipher } from "../../core/ports.ts"
import type { CommittedCommands } from "../../core/upkeep.ts"
import { openRow } from "./outbox.ts"

/** Commands that wrote events, as the outbox on DynamoDB still knows them. */
export function dynamoCommittedCommands(
  client: DynamoDBDocumentClient,
  tables: { readonly outbox: string; readonly idempotency: string },
  cipher: Cipher,
): CommittedCommands {
  return {
    async page(next) {
      const page = await client.send(
        new ScanCommand({
          TableName: tables.outbox,
          ConsistentRead: true,
          ...(next === undefined ? {} : { ExclusiveStartKey: JSON.parse(next) }),
        }),
      )
      const rows = (page.Items ?? []).filter(({ decided }) => decided !== undefined)
      const commands = await Promise.all(
        rows.map(async item => {
          const { stream, outcome, info } = await openRow(cipher, item.decided)
          if (outcome.status !== "COMMITTED" || outcome.eventCount === 0) return []
          const { commandId, traceId } = info
          return [{ stream, key: String(item.command), version: outcome.version, commandId, traceId }]
        }),
      )
      return {
        commands: commands.flat(),
        ...(page.LastEvaluatedKey === undefined ? {} : { next: JSON.stringify(page.LastEvaluatedKey) }),
      }
    },

    async undo({ stream, key }) {
      await client.send(new DeleteCommand({ TableName: tables.idempotency, Key: { id: key } }))
      await client.send(new DeleteCommand({ TableName: tables.outbox, Key: { stream, command: key } }))
    },
  }
}
