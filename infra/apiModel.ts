import type { App } from "../src/core/manifest.ts"
import type { ApiModel } from "./graphqlApi.ts"

/** The API of an app, generated from its manifests. */
export const apiModel = (_app: App): ApiModel => ({
  schema: "type Query { a: String }",
  functions: [{ name: "passOn", dataSource: "None", code: "x" }],
  resolvers: [{ type: "Query", field: "a", functions: ["passOn"], code: "y" }],
})
