import { AwsError } from "../../../host.ts"
import {
  BadRequest,
  type CreateDataSource,
  operationOf,
  requestObject,
  required,
  rolePrincipal,
} from "../dataSource.ts"
import { batchDeleteItem, batchGetItem, batchPutItem } from "./batches.ts"
import { deleteItem, getItem, putItem, updateItem } from "./items.ts"
import { query, scan } from "./pages.ts"
import { errorOf, type Operation, openTable } from "./table.ts"
import { transactGetItems, transactWriteItems } from "./transactions.ts"

const operations: Record<string, Operation> = {
  GetItem: getItem,
  PutItem: putItem,
  UpdateItem: updateItem,
  DeleteItem: deleteItem,
  Query: query,
  Scan: scan,
  BatchGetItem: batchGetItem,
  BatchPutItem: batchPutItem,
  BatchDeleteItem: batchDeleteItem,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
}

/** AMAZON_DYNAMODB: one table, reached as the service role, or as the caller with `UseCallerCredentials`. */
export const createDynamoDbSource: CreateDataSource = (host, definition) => {
  const { name, type, config } = definition
  const tableName = required(definition, "TableName")
  if (config?.Versioned === true) {
    throw new Error(
      `The data source ${name} is Versioned: conflict detection and Sync are not supported here; use an unversioned one.`,
    )
  }
  const asCaller = config?.UseCallerCredentials === true
  const role = asCaller ? undefined : rolePrincipal(definition)
  return {
    name,
    type,
    invoke: async (input, call) => {
      const request = requestObject(input)
      const operation = operations[operationOf(request)]
      if (operation === undefined) throw new BadRequest(`Unsupported operation '${request.operation}'.`)
      const principal = role ?? call.field.principal ?? { kind: "anonymous" as const }
      try {
        return await operation(openTable(host, tableName, principal, call), request)
      } catch (error) {
        if (error instanceof AwsError) return { result: null, error: errorOf(error) }
        throw error
      }
    },
  }
}
