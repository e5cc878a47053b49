import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb"

/** The document client that all stores share: plain values in and out, `undefined` left out. */
export const documentClient = (endpoint?: string): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(endpoint === undefined ? {} : { endpoint }), {
    marshallOptions: { removeUndefinedValues: true },
  })

const throttles = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "RequestLimitExceeded",
  "TransactionConflictException",
  "TransactionInProgressException",
  "InternalServerError",
])

/** Is this an error that the same call may not meet again? */
export const isTransient = (error: unknown): boolean => error instanceof Error && throttles.has(error.name)

/** Reasons of a cancelled transaction by index; undefined when the error is something else. */
export function cancellationReasons(
  error: unknown,
): readonly { Code?: string; Item?: Record<string, unknown> }[] | undefined {
  if (!(error instanceof Error) || error.name !== "TransactionCanceledException") return undefined
  return (
    (error as Error & { CancellationReasons?: { Code?: string; Item?: Record<string, unknown> }[] })
      .CancellationReasons ?? []
  )
}

/** Is this a write that DynamoDB will never take: an item too large, a key that is empty? */
export const isRefused = (error: unknown): boolean =>
  (error instanceof Error && error.name === "ValidationException") ||
  cancellationReasons(error)?.some(({ Code }) => Code === "ValidationError") === true

export const isConditionFailure = (error: unknown): boolean =>
  error instanceof Error && error.name === "ConditionalCheckFailedException"

/** Epoch seconds so many days from now, for TTL attributes. */
export const inDays = (days: number, nowMs = Date.now()): number => Math.floor(nowMs / 1000) + days * 86_400
