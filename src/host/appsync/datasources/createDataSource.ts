import type { Host } from "../../host.ts"
import { BadRequest, type CreateDataSource, type DataSource, type DataSourceDefinition } from "./dataSource.ts"
import { createDynamoDbSource } from "./dynamodb/source.ts"
import { createEventBridgeSource } from "./eventBridge.ts"
import { createHttpSource } from "./http.ts"
import { createLambdaSource } from "./lambda.ts"
import { createNoneSource } from "./none.ts"

const types: Record<string, CreateDataSource> = {
  NONE: createNoneSource,
  AMAZON_DYNAMODB: createDynamoDbSource,
  AMAZON_EVENTBRIDGE: createEventBridgeSource,
  AWS_LAMBDA: createLambdaSource,
  HTTP: createHttpSource,
}

/** Makes a data source. A type that the host has not is named at start and refuses each request by its name. */
export function createDataSource(host: Host, definition: DataSourceDefinition): DataSource {
  const create = types[definition.type]
  if (create !== undefined) return create(host, definition)
  const refusal = `The data source ${definition.name} has the type ${definition.type}, which this host does not support.`
  host.log.warn("appsync", `${refusal} Its fields fail.`)
  return {
    name: definition.name,
    type: definition.type,
    invoke: async () => {
      throw new BadRequest(refusal, "UnsupportedDataSource")
    },
  }
}
