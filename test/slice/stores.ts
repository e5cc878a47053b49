import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { KMSClient } from "@aws-sdk/client-kms"
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb"
import { dynamoDirectory } from "../../src/adapters/dynamodb/directory.ts"
import { dynamoEventStore } from "../../src/adapters/dynamodb/eventStore.ts"
import { unpack } from "../../src/adapters/dynamodb/packed.ts"
import { dynamoParking } from "../../src/adapters/dynamodb/parking.ts"
import { dynamoWrappedKeys } from "../../src/adapters/dynamodb/wrappedKeys.ts"
import { kmsSubjectKeys } from "../../src/adapters/kms/subjectKeys.ts"
import { subjectCipher } from "../../src/adapters/personal/cipher.ts"
import type { RunningHost } from "../../src/host/options.ts"

/** Looks into the stores past the API, as a checker does: with the account's own credentials. */
export function storesOf({ local }: RunningHost) {
  const settings = {
    endpoint: local.endpointUrl,
    region: local.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  }
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(settings), {
    marshallOptions: { removeUndefinedValues: true },
  })
  const named = (logicalId: string) => {
    const found = Object.entries(local.resources).find(([path]) => path.endsWith(`.${logicalId}`))
    if (found === undefined) throw new Error(`the template has no ${logicalId}`)
    return found[1]
  }
  const cipher = subjectCipher(
    kmsSubjectKeys(new KMSClient(settings), named("DataKey"), dynamoWrappedKeys(client, named("KeyTable"))),
  )
  const tables = { events: named("EventStore"), idempotency: named("IdempotencyStore"), outbox: named("Outbox") }
  return {
    settings,
    client,
    cipher,
    named,
    tables,
    events: dynamoEventStore(client, tables, cipher),
    directory: dynamoDirectory(client, tables.events, cipher.nameOf),
    parking: dynamoParking(client, tables, cipher),
    /** Every item of a table, what is packed in it as text. */
    async all(logicalId: string): Promise<readonly Record<string, unknown>[]> {
      const items: Record<string, unknown>[] = []
      let start: Record<string, unknown> | undefined
      do {
        const page = await client.send(
          new ScanCommand({ TableName: named(logicalId), ExclusiveStartKey: start, ConsistentRead: true }),
        )
        for (const item of page.Items ?? [])
          items.push(item.decided === undefined ? item : { ...item, decided: unpack(item.decided) })
        start = page.LastEvaluatedKey
      } while (start !== undefined)
      return items
    },
  }
}
