import type { App } from "../src/core/manifest.ts"
import { bundleFunction } from "../src/model/resolverCode.ts"
import { pipelineFunctions, resolverTable } from "../src/model/resolverTable.ts"
import { graphqlSchema } from "../src/model/schema.ts"
import type { ApiModel } from "./graphqlApi.ts"

/** The API of an app, generated from its manifests; functions that no field uses are left out. */
export function apiModel(app: App): ApiModel {
  const table = resolverTable(app)
  const used = [...new Set(table.flatMap(({ functions }) => functions))]
  return {
    schema: graphqlSchema(app),
    functions: used.map(name => ({
      name,
      dataSource: pipelineFunctions[name].dataSource,
      code: bundleFunction(name),
    })),
    resolvers: table.map(({ typeName, fieldName, functions, code }) => ({
      type: typeName,
      field: fieldName,
      functions,
      code,
    })),
  }
}
