import { randomUUID } from "node:crypto"
import { AwsError, type Host, type JsonObject, type Principal } from "../../../host.ts"
import type { SourceCall, SourceResult } from "../dataSource.ts"

/** What an operation works on: the table of the data source, reached as its role. */
export interface Table {
  readonly host: Host
  readonly name: string
  readonly principal: Principal
  readonly call: SourceCall
  /** Calls DynamoDB after asking IAM for each action on each resource. Throws AwsError. */
  send(operation: string, input: JsonObject, permissions: readonly Permission[]): Promise<JsonObject>
}

/** One action on one table, or on an index of it. */
export interface Permission {
  readonly action: string
  readonly table: string
  readonly index?: string
}

/** One operation of the data source: the evaluated request in, `ctx.result` and perhaps `ctx.error` out. */
export type Operation = (table: Table, request: JsonObject) => Promise<SourceResult>

/** Opens the table for one call. */
export const openTable = (host: Host, name: string, principal: Principal, call: SourceCall): Table => ({
  host,
  name,
  principal,
  call,
  send: (operation, input, permissions) => {
    for (const { action, table, index } of permissions) {
      const arn = host.dynamodb.tableArn(table)
      host.iam.authorize(principal, `dynamodb:${action}`, index === undefined ? arn : `${arn}/index/${index}`)
    }
    return host.dynamodb.call(operation, input)
  },
})

/** Errors that have a class of their own in the SDK that AppSync uses; every other one is its base class. */
const modelled = new Set([
  "BackupInUseException",
  "ConditionalCheckFailedException",
  "IdempotentParameterMismatchException",
  "InternalServerErrorException",
  "ItemCollectionSizeLimitExceededException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceededException",
  "ResourceNotFoundException",
  "TransactionCanceledException",
  "TransactionConflictException",
  "TransactionInProgressException",
])

/** `ctx.error` of a DynamoDB failure, in the words of AppSync. */
export function errorOf(error: unknown): { type: string; message: string } {
  if (!(error instanceof AwsError)) throw error
  const suffix = `(Service: AmazonDynamoDBv2; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${randomUUID()})`
  return {
    type: `DynamoDB:${modelled.has(error.code) ? error.code : "AmazonDynamoDBException"}`,
    message: `${error.message} ${suffix}`,
  }
}
