import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb"
import { DecryptCommand, KMSClient } from "@aws-sdk/client-kms"
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs"
import { unmarshall } from "@aws-sdk/util-dynamodb"
import { clientSettings, resourceNamed } from "./access.ts"
import type { Injected, Local } from "./hostProcess.ts"
import type { Poisoned } from "./poison.ts"
import type { Sent } from "./send.ts"
import type { BusTap, Tapped } from "./tap.ts"

export type Item = Readonly<Record<string, unknown>>

export interface Mail {
  readonly messageId: string
  readonly to: readonly string[]
  readonly text: string
}

/** An index as the cell has it. */
export interface CellIndex {
  readonly account: string
  readonly name: string
  readonly settings: unknown
  readonly deleting: boolean
}

/** What a run left behind, as it stands in the stores and outside: the checker sees nothing else. */
export interface Evidence {
  readonly sent: readonly Sent[]
  readonly faults: readonly Injected[]
  /** Events that were planted, which nobody can fold. */
  readonly poisoned: readonly Poisoned[]
  /** The host's time of the look, in milliseconds. */
  readonly at: number
  readonly eventStore: readonly Item[]
  readonly idempotencyStore: readonly Item[]
  readonly outbox: readonly Item[]
  readonly viewStore: readonly Item[]
  readonly traceTable: readonly Item[]
  /** Data keys by subject, unwrapped. */
  readonly keys: ReadonlyMap<string, Uint8Array>
  /** Every message that the bus carried. */
  readonly bus: readonly Tapped[]
  readonly mails: readonly Mail[]
  /** What the cell runs. */
  readonly cell: readonly CellIndex[]
  /** Messages left, by the queue's logical id. */
  readonly queues: Readonly<Record<string, number>>
}

/** What the run itself knows. */
export interface Told {
  readonly sent: readonly Sent[]
  readonly faults: () => readonly Injected[]
  readonly poisoned: readonly Poisoned[]
  readonly now: () => number
  /** Indexes as the cell has them. */
  readonly cell: () => Promise<readonly CellIndex[]>
}

/** Makes a function that reads everything anew on each call. */
export function lookInto(
  local: Local,
  tap: BusTap,
  { sent, faults, poisoned, now, cell }: Told,
): () => Promise<Evidence> {
  const settings = clientSettings(local)
  const dynamodb = new DynamoDBClient(settings)
  const kms = new KMSClient(settings)
  const sqs = new SQSClient(settings)
  const keys = new Map<string, Uint8Array>()

  async function all(logicalId: string): Promise<Item[]> {
    const TableName = resourceNamed(local, logicalId)
    const items: Item[] = []
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName, ConsistentRead: true }))
      items.push(...Items.map(item => unmarshall(item)))
    return items
  }

  async function unwrapNewKeys(): Promise<void> {
    for (const { subject, wrapped } of await all("KeyTable")) {
      if (typeof subject !== "string" || !(wrapped instanceof Uint8Array) || keys.has(subject)) continue
      const { Plaintext } = await kms.send(
        new DecryptCommand({ CiphertextBlob: wrapped, EncryptionContext: { subject } }),
      )
      if (Plaintext !== undefined) keys.set(subject, Plaintext)
    }
  }

  async function messagesIn(logicalId: string): Promise<number> {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: resourceNamed(local, logicalId), AttributeNames: ["All"] }),
    )
    const counts = [
      Attributes?.ApproximateNumberOfMessages,
      Attributes?.ApproximateNumberOfMessagesNotVisible,
      Attributes?.ApproximateNumberOfMessagesDelayed,
    ].map(count => Number(count ?? 0))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  return async () => {
    const bus = await tap.drain()
    const [eventStore, idempotencyStore, outbox, viewStore, traceTable] = await Promise.all([
      all("EventStore"),
      all("IdempotencyStore"),
      all("Outbox"),
      all("ViewStore"),
      all("TraceTable"),
    ])
    await unwrapNewKeys()
    const mailbox = (await (await fetch(`${local.endpointUrl}/_host/mail`)).json()) as { messages: Mail[] }
    return {
      sent,
      faults: faults(),
      poisoned,
      at: now(),
      eventStore,
      idempotencyStore,
      outbox,
      viewStore,
      traceTable,
      keys: new Map(keys),
      bus,
      mails: mailbox.messages,
      cell: await cell(),
      queues: { DeadLetters: await messagesIn("DeadLetters"), UnhandledLetters: await messagesIn("UnhandledLetters") },
    }
  }
}
