import { type CreateDataSource, isJsonObject } from "./dataSource.ts"

/** NONE: the payload of the request is the result. */
export const createNoneSource: CreateDataSource = (_, { name, type }) => ({
  name,
  type,
  invoke: async request => ({ result: isJsonObject(request) ? (request.payload ?? null) : null }),
})
