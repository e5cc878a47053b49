import { DeleteCommand, type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb"
import { type Directory, directoryShards } from "../../core/directory.ts"
import { shardOf } from "./shard.ts"

const index = "directory"
/** Before and after everything that an id can hold. */
const [first, last] = [" ", "\u{10ffff}"]

/** Where the first event of a stream stands in the directory. */
export const directoryOf = (aggregate: string, stream: string) => `${aggregate}#${shardOf(stream, directoryShards)}`

/** Where everything stands that is about a subject, by the subject's name. */
export const aboutSubject = (name: string) => `subject/${name}`

/** The directory of the event store on DynamoDB: a sparse index that knows keys only. */
export function dynamoDirectory(
  client: DynamoDBDocumentClient,
  table: string,
  nameOf: (subject: string) => string,
): Directory {
  async function* keys(directory: string, prefix: string, after?: string) {
    let start: Record<string, unknown> | undefined
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: index,
          KeyConditionExpression: "#directory = :directory AND #stream BETWEEN :from AND :to",
          ExpressionAttributeNames: { "#directory": index, "#stream": "stream" },
          ExpressionAttributeValues: {
            ":directory": directory,
            ":from": `${prefix}${after ?? first}`,
            ":to": `${prefix}${last}`,
          },
          ExclusiveStartKey: start,
        }),
      )
      for (const { stream, version } of page.Items ?? [])
        if (after === undefined || stream !== `${prefix}${after}`)
          yield { stream: String(stream), version: Number(version) }
      start = page.LastEvaluatedKey
    } while (start !== undefined)
  }

  return {
    async *part(aggregate, shard, after, tenant) {
      const prefix = tenant === undefined ? "" : `${tenant}/${aggregate}/`
      for await (const { stream } of keys(`${aggregate}#${shard}`, prefix, after?.slice(prefix.length))) yield stream
    },

    async *speaking(subject, after) {
      const prefix = `${aboutSubject(nameOf(subject))}/`
      for await (const { stream } of keys(prefix.slice(0, -1), prefix, after)) yield stream.slice(prefix.length)
    },

    async releaseAbout(subject) {
      let released = 0
      for await (const Key of keys(aboutSubject(nameOf(subject)), "claim/")) {
        const { Attributes } = await client.send(new DeleteCommand({ TableName: table, Key, ReturnValues: "ALL_OLD" }))
        if (Attributes !== undefined) released++
      }
      return released
    },
  }
}
