import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb"
import type { StoredEvent } from "../../core/aggregate.ts"
import type { Marker } from "../../core/parking.ts"
import { subjectsOf } from "../../core/personal.ts"
import type { Cipher, Claim, Commit, CommitResult } from "../../core/ports.ts"
import { parseStream } from "../../core/stream.ts"
import { inDays } from "./client.ts"
import { aboutSubject, directoryOf } from "./directory.ts"
import { markerItem, markerStands, versionIsFree } from "./marker.ts"
import { pendingShardOf, waitingKey } from "./outbox.ts"
import { pack } from "./packed.ts"

export interface EventStoreTables {
  readonly events: string
  readonly idempotency: string
  readonly outbox: string
}

/** Longer than the longest redrive: dead letters live 14 days, and may be released at the end of it. */
const idempotencyDays = 45

export type TransactItem = NonNullable<TransactWriteCommandInput["TransactItems"]>[number]

/**
 * Everything that one decision writes, as the items of one transaction. The idempotency record comes first, then the outbox row,
 * the events and the claims: `failureOf` reads reasons by this order.
 */
export async function commitItems(
  tables: EventStoreTables,
  cipher: Cipher,
  commit: Commit,
): Promise<readonly TransactItem[]> {
  const { decided, behind } = commit
  const { aggregate } = parseStream(decided.stream)
  return [
    {
      Put: {
        TableName: tables.idempotency,
        Item: {
          id: commit.key,
          status: "COMPLETED",
          expiration: inDays(idempotencyDays),
          validation: commit.payloadHash,
          data: {
            stream: decided.stream,
            messageId: decided.info.id,
            traceId: decided.info.traceId,
            outcome: decided.outcome,
          },
        },
        ConditionExpression: "attribute_not_exists(id) OR expiration < :now",
        ExpressionAttributeValues: { ":now": inDays(0) },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    },
    {
      Put: {
        TableName: tables.outbox,
        Item: {
          stream: decided.stream,
          command: commit.key,
          decided: pack(await cipher.seal(decided)),
          at: new Date().toISOString(),
          pending: pendingShardOf(commit.key),
        },
      },
    },
    ...(await Promise.all(decided.events.map((event, index) => eventItem(tables, cipher, commit, event, index)))),
    ...commit.claim.map(
      (claim): TransactItem => ({
        Put: {
          TableName: tables.events,
          Item: {
            ...claimKey(aggregate, claim),
            holder: decided.stream,
            ...(claim.about === undefined ? {} : { directory: aboutSubject(cipher.nameOf(claim.about)) }),
          },
          ConditionExpression: "attribute_not_exists(holder) OR holder = :me",
          ExpressionAttributeValues: { ":me": decided.stream },
        },
      }),
    ),
    ...commit.release.map(
      (claim): TransactItem => ({
        Delete: {
          TableName: tables.events,
          Key: claimKey(aggregate, claim),
          ConditionExpression: "attribute_not_exists(holder) OR holder = :me",
          ExpressionAttributeValues: { ":me": decided.stream },
        },
      }),
    ),
    ...commit.guards.map(
      ({ stream, version }): TransactItem => ({
        ConditionCheck: {
          TableName: tables.events,
          Key: { stream, version: version + 1 },
          ...versionIsFree,
        },
      }),
    ),
    ...(commit.unlessBehind ?? []).map(
      (stream): TransactItem => ({
        ConditionCheck: {
          TableName: tables.outbox,
          Key: { stream, command: waitingKey(commit.key) },
          ConditionExpression: "attribute_not_exists(#stream)",
          ExpressionAttributeNames: { "#stream": "stream" },
        },
      }),
    ),
    ...mentions(cipher, decided).map((item): TransactItem => ({ Put: { TableName: tables.events, Item: item } })),
    ...(behind === undefined || decided.events.length === 0
      ? []
      : [markerAfter(tables, { ...behind, version: behind.version + decided.events.length })]),
  ]
}

const markerAfter = (tables: EventStoreTables, marker: Marker): TransactItem => ({
  Put: { TableName: tables.events, Item: markerItem(marker), ...isNew },
})

/** The directory leads from a subject to every stream that speaks of it. */
const mentions = (cipher: Cipher, { stream, events }: Commit["decided"]) =>
  [...new Set(events.flatMap(({ data }) => subjectsOf(data)).map(cipher.nameOf))].map(name => ({
    stream: `${aboutSubject(name)}/${stream}`,
    version: 0,
    directory: aboutSubject(name),
  }))

async function eventItem(
  tables: EventStoreTables,
  cipher: Cipher,
  commit: Commit,
  { type, schemaVersion, data, info }: StoredEvent,
  index: number,
): Promise<TransactItem> {
  const { aggregate } = parseStream(info.stream)
  const { snapshot, behind } = commit
  const last = index === commit.decided.events.length - 1
  return {
    Put: {
      TableName: tables.events,
      Item: {
        stream: info.stream,
        version: info.version,
        type,
        schemaVersion,
        data: await cipher.seal(data),
        commandId: info.commandId,
        actor: info.actor,
        traceId: info.traceId,
        causationId: info.causationId,
        hops: info.hops,
        traceparent: info.traceparent,
        at: info.time,
        ...(info.version === 1 ? { directory: directoryOf(aggregate, info.stream) } : {}),
        ...(last && snapshot !== undefined ? { state: await cipher.seal(snapshot.state), hash: snapshot.hash } : {}),
      },
      ...(index === 0 && behind !== undefined ? markerStands(behind) : isNew),
    },
  }
}

/** What cancelled a commit, by the codes of its items in order; the idempotency record has been looked at. Undefined: not ours to answer. */
export function failureOf(commit: Commit, codes: readonly (string | undefined)[]): CommitResult | undefined {
  const failed = (index: number) => codes[index] === "ConditionalCheckFailed"
  const claimsAt = 2 + commit.decided.events.length
  const taken = commit.claim.find((_, index) => failed(claimsAt + index))
  if (taken !== undefined) return { status: "claimTaken", claim: taken.name }
  if (codes.some((_, index) => failed(index))) return { status: "conflict" }
  return codes.includes("ValidationError") ? undefined : { status: "busy" }
}

const isNew = {
  ConditionExpression: "attribute_not_exists(#version)",
  ExpressionAttributeNames: { "#version": "version" },
}

/** Where a claim stands. */
export const claimKey = (aggregate: string, { name, value }: Pick<Claim, "name" | "value">) => ({
  stream: `claim/${aggregate}.${name}/${value}`,
  version: 0,
})
