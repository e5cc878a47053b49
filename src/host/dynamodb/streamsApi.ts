import { AwsError, type Host, type JsonObject } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { awsForm } from "./arns.ts"
import type { Backend } from "./backend.ts"
import { apiRecord, awsSequenceNumber, recordsOf } from "./streamRecords.ts"
import type { Streams } from "./streams.ts"

/** Operations of the DynamoDB Streams API. */
export const streamOperations: ReadonlySet<string> = new Set([
  "DescribeStream",
  "GetRecords",
  "GetShardIterator",
  "ListStreams",
])

/** Id of a shard that on-failure records name: whichever shard holds the sequence number that is asked for. */
export const wholeStreamShard = "shardId-00000000000000000000-00000000"

/** ARN of the stream that a call of the Streams API is about; `*` for ListStreams. Throws AwsError ValidationException on a foreign iterator. */
export function streamArnOf(operation: string, input: JsonObject): string {
  if (operation === "GetRecords") return readIterator(input).streamArn
  return operation === "ListStreams" ? "*" : String(input.StreamArn)
}

/** Answers the DynamoDB Streams API as AWS does: its ARNs, 21-digit sequence numbers, an open last shard. */
export async function answerStreams(
  host: Host,
  backend: Backend,
  streams: Streams,
  operation: string,
  input: JsonObject,
): Promise<JsonObject> {
  if (operation === "GetRecords") return getRecords(backend, streams, input)
  const start = textOf(input.ExclusiveStartStreamArn)
  const streamArn = textOf(input.StreamArn)
  const reply = await backend.call(operation, {
    ...input,
    ...(input.ShardId === wholeStreamShard && {
      ShardId: await streams.shardAt(streamArn ?? "", textOf(input.SequenceNumber) ?? ""),
    }),
    ...(streamArn !== undefined && { StreamArn: streams.backendArn(streamArn) }),
    ...(start !== undefined && { ExclusiveStartStreamArn: streams.backendArn(start) }),
  })
  if (operation === "GetShardIterator")
    return { ShardIterator: writeIterator(streamArn ?? "", String(reply.ShardIterator)) }
  const answer = objectOf(awsForm(reply, host))
  return operation === "DescribeStream" ? { StreamDescription: describe(objectOf(answer.StreamDescription)) } : answer
}

async function getRecords(backend: Backend, streams: Streams, input: JsonObject): Promise<JsonObject> {
  const { streamArn, iterator } = readIterator(input)
  const page = await backend.call("GetRecords", { ...input, ShardIterator: iterator })
  const next = textOf(page.NextShardIterator)
  return {
    Records: streams.translate(streamArn, recordsOf(page)).map(apiRecord),
    ...(next !== undefined && { NextShardIterator: writeIterator(streamArn, next) }),
  }
}

function describe(description: JsonObject): JsonObject {
  const shards = listOf(description.Shards).map(objectOf)
  return {
    ...description,
    Shards: shards.map((shard, position) => {
      const { StartingSequenceNumber: first, EndingSequenceNumber: last } = objectOf(shard.SequenceNumberRange)
      const isOpen = position === shards.length - 1
      return {
        ...shard,
        SequenceNumberRange: {
          ...(first !== undefined && { StartingSequenceNumber: awsSequenceNumber(String(first)) }),
          ...(last !== undefined && !isOpen && { EndingSequenceNumber: awsSequenceNumber(String(last)) }),
        },
      }
    }),
  }
}

function writeIterator(streamArn: string, iterator: string): string {
  return `${streamArn}|1|${iterator}`
}

function readIterator({ ShardIterator }: JsonObject): { streamArn: string; iterator: string } {
  const [streamArn, version, iterator] = String(ShardIterator).split("|")
  if (streamArn === undefined || version !== "1" || iterator === undefined)
    throw new AwsError("ValidationException", "Invalid ShardIterator")
  return { streamArn, iterator }
}
