import { BatchWriteCommand, type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb"
import type { CommandInfo } from "../../core/message.ts"
import { receiptRank } from "../../core/outcome.ts"
import type { ReceiptMove, TraceStep, Track } from "../../core/ports.ts"
import { inDays, isConditionFailure } from "./client.ts"

const traceDays = 45
const batchMax = 25
const attemptsMax = 8

type Item = Record<string, unknown>

/** Track & trace on DynamoDB: steps, ways to find them, and receipts, in one table that expires. */
export function dynamoTrack(client: DynamoDBDocumentClient, table: string): Track {
  async function writeAll(items: readonly Item[]): Promise<void> {
    for (let at = 0; at < items.length; at += batchMax) {
      let requests = items.slice(at, at + batchMax).map(item => ({ PutRequest: { Item: item } }))
      for (let attempt = 1; requests.length > 0; attempt++) {
        if (attempt > attemptsMax)
          throw new Error(`${table} left ${requests.length} items unwritten ${attemptsMax} times`)
        const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }))
        requests = (UnprocessedItems?.[table] ?? []) as typeof requests
        if (requests.length > 0) await new Promise(resolve => setTimeout(resolve, Math.random() * 50 * 2 ** attempt))
      }
    }
  }

  const stepItem = ({ step, data, ...rest }: TraceStep): Item => ({
    id: `trace/${rest.traceId}`,
    step: [step, rest.causeId, rest.component, rest.attempt ?? 0].join("#"),
    kind: step,
    ...rest,
    ...(data === undefined ? {} : { data: JSON.stringify(data) }),
    expiresAt: inDays(traceDays),
  })

  const pointerItems = ({ traceId, at }: TraceStep, values: readonly string[]): readonly Item[] =>
    values.map(value => ({
      id: `find/${value.trim().toLowerCase()}`,
      step: `${at}#${traceId}`,
      traceId,
      at,
      expiresAt: inDays(traceDays),
    }))

  return {
    record: (steps, foundBy = []) =>
      writeAll(
        uniqueByKey([...steps.map(stepItem), ...steps.slice(0, 1).flatMap(step => pointerItems(step, foundBy))]),
      ),

    async move(move) {
      try {
        await client.send(new UpdateCommand({ TableName: table, Key: receiptKey(move), ...receiptUpdate(move) }))
        return "moved"
      } catch (error) {
        if (isConditionFailure(error)) return "kept"
        throw error
      }
    },

    async markDuplicate(info: CommandInfo) {
      const { commandId, tenant, traceId, time } = info
      const { values, ...update } = assignments(
        { commandId, tenant, traceId, actor: info.actor.id, acceptedAt: time, status: "ACCEPTED", rank: 0 },
        true,
      )
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: receiptKey({ commandId, tenant, traceId, actor: info.actor.id }),
          ExpressionAttributeNames: { ...update.names, "#duplicate": "duplicate", "#expiresAt": "expiresAt" },
          ExpressionAttributeValues: { ...values, ":duplicate": true, ":expiresAt": inDays(traceDays) },
          UpdateExpression: `SET ${update.text}, #duplicate = :duplicate, #expiresAt = :expiresAt`,
        }),
      )
    },
  }
}

const uniqueByKey = (items: readonly Item[]): readonly Item[] => [
  ...new Map(items.map(item => [`${item.id} ${item.step}`, item])).values(),
]

const receiptKey = ({
  actor,
  commandId,
  tenant,
  traceId,
  misuse,
}: Pick<ReceiptMove, "actor" | "commandId" | "tenant" | "traceId" | "misuse">) => ({
  id: `receipt/${actor}/${commandId}`,
  step: misuse ? `${tenant}#${traceId}` : tenant,
})

/** Sets what the move says, only if it leads forward. */
function receiptUpdate(move: ReceiptMove) {
  const { misuse: _, at, acceptedAt, ...said } = move
  const rank = receiptRank[move.status]
  const settled = rank >= receiptRank.PROJECTED ? { settledAt: at } : {}
  const kept = assignments({ acceptedAt }, true)
  const set = assignments({ ...said, ...settled, rank, expiresAt: inDays(traceDays) })
  return {
    UpdateExpression: `SET ${set.text}, ${kept.text}`,
    // The same move again counts as made, so that what follows it is done when a first attempt was cut short.
    ConditionExpression: "attribute_not_exists(#rank) OR #rank < :rank OR (#status = :status AND #traceId = :traceId)",
    ExpressionAttributeNames: { ...set.names, ...kept.names },
    ExpressionAttributeValues: { ...set.values, ...kept.values },
  }
}

function assignments(fields: Record<string, unknown>, onlyIfAbsent = false) {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  return {
    text: present
      .map(([name]) => (onlyIfAbsent ? `#${name} = if_not_exists(#${name}, :${name})` : `#${name} = :${name}`))
      .join(", "),
    names: Object.fromEntries(present.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
  }
}
