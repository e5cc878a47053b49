import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams"

/** Where the records of a batch stand that Lambda gave up (AWS: the on-failure record of a stream has no more than this). */
export interface StreamBatch {
  readonly streamArn: string
  readonly shardId: string
  readonly startSequenceNumber: string
  readonly endSequenceNumber: string
}

const pagesMax = 100

/** Keys of the outbox rows that were inserted in a batch, read from the stream again. Throws when they are not in it any more (AWS keeps them for 24 hours). */
export async function insertedKeys(
  client: DynamoDBStreamsClient,
  { streamArn, shardId, startSequenceNumber, endSequenceNumber }: StreamBatch,
): Promise<readonly { stream: string; key: string }[]> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ShardIteratorType: "AT_SEQUENCE_NUMBER",
      SequenceNumber: startSequenceNumber,
    }),
  )
  const keys: { stream: string; key: string }[] = []
  let iterator = ShardIterator
  for (let page = 1; iterator !== undefined && page <= pagesMax; page++) {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }))
    for (const { eventName, dynamodb } of Records) {
      if (isAfter(dynamodb?.SequenceNumber, endSequenceNumber)) return keys
      const { stream, command } = dynamodb?.Keys ?? {}
      if (eventName === "INSERT") keys.push({ stream: stream?.S ?? "", key: command?.S ?? "" })
      if (dynamodb?.SequenceNumber === endSequenceNumber) return keys
    }
    iterator = NextShardIterator
  }
  throw new Error(`the records up to ${endSequenceNumber} of ${streamArn} are not in the stream any more`)
}

const isAfter = (one: string | undefined, other: string) => one !== undefined && BigInt(one) > BigInt(other)
