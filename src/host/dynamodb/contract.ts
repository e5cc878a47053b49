import type { JsonObject } from "../values.ts"

/** DynamoDB as the other services of the host use it. */
export interface DynamoDb {
  /** One DynamoDB call in wire form, e.g. `call("GetItem", { TableName, Key })`. Throws AwsError as DynamoDB does. Not authorized: callers check `host.iam` first. */
  call(operation: string, input: JsonObject): Promise<JsonObject>
  tableArn(tableName: string): string
  streamArn(tableName: string): string | undefined
  /** Records after a checkpoint, oldest first, as a Lambda event carries them (AWS ARNs and region, 21-digit sequence numbers). */
  readStream(streamArn: string, after: StreamPosition, limit: number): Promise<readonly StreamRecord[]>
  /** Calls back after each write to the table behind the stream. */
  onWrite(streamArn: string, wake: () => void): void
}

/** Where a reader of a stream goes on. */
export type StreamPosition = { after: string } | "TRIM_HORIZON" | "LATEST"

/** A change of an item, as a Lambda event carries it. */
export interface StreamRecord {
  readonly eventID: string
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE"
  readonly eventVersion: "1.1"
  readonly eventSource: "aws:dynamodb"
  readonly awsRegion: string
  readonly eventSourceARN: string
  readonly userIdentity?: { type: "Service"; principalId: "dynamodb.amazonaws.com" }
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number
    readonly Keys: JsonObject
    readonly NewImage?: JsonObject
    readonly OldImage?: JsonObject
    readonly SequenceNumber: string
    readonly SizeBytes: number
    readonly StreamViewType: string
  }
}
