import { createRequire } from "node:module"
import type { JsonObject } from "../../host.ts"
import { refusals } from "./refusals.ts"
import type { RestApi } from "./registry.ts"
import { headerOf, headerValues, mediaType, type RoutedRequest } from "./request.ts"

/** Checks parameters and body of a request as the validator of its method says. Throws Refused. */
export function validate(request: RoutedRequest): void {
  const { api, restMethod } = request
  const validator = api.validators.get(restMethod.validatorId ?? "")
  if (validator?.parameters === true) checkParameters(request)
  if (validator?.body === true) checkBody(request)
}

function checkParameters(request: RoutedRequest): void {
  const missing = request.restMethod.requiredParameters.flatMap(parameter => {
    const [, kind, name = ""] = /^method\.request\.(\w+)\.(.+)$/.exec(parameter) ?? []
    const values: Record<string, string | undefined> = {
      header: headerOf(request, name),
      querystring: request.query.get(name)?.at(-1),
      path: request.parameters[name],
    }
    return kind !== undefined && (values[kind] ?? "") === "" ? [name] : []
  })
  if (missing.length > 0) throw refusals.parametersMissing(missing)
}

function checkBody(request: RoutedRequest): void {
  const { models } = request.restMethod
  const [type = "application/json"] = headerValues(request, "Content-Type").map(mediaType)
  const name = models[type] ?? models.$default
  const schema = name === undefined ? undefined : request.api.models.get(name)
  if (schema !== undefined && !isValid(request.api, schema, request.body.toString())) throw refusals.invalidBody()
}

type Check = (body: unknown) => unknown
const checks = new WeakMap<JsonObject, Check>()

function isValid(api: RestApi, schema: JsonObject, body: string): boolean {
  const check = checks.get(schema) ?? compile(api, schema)
  checks.set(schema, check)
  try {
    return check(body.trim() === "" ? {} : JSON.parse(body)) === true
  } catch {
    return false
  }
}

/** Models refer to each other as `https://apigateway.amazonaws.com/restapis/<api>/models/<name>`, or by their OpenAPI definition. */
function compile(api: RestApi, schema: JsonObject): Check {
  const require = createRequire(import.meta.url)
  const Ajv: typeof import("ajv") = require("ajv")
  const ajv = new Ajv({ schemaId: "auto", unknownFormats: "ignore", logger: false, meta: false, validateSchema: false })
  ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"))
  const definitions = Object.fromEntries(api.models)
  const document = JSON.stringify({
    ...schema,
    ...(schema.$schema !== undefined && { $schema: undefined }),
    definitions,
  })
  const local = document
    .replace(/"https:\/\/apigateway\.[^"/]*\/restapis\/[^"/]+\/models\/([^"/]+)"/g, '"#/definitions/$1"')
    .replaceAll('"#/components/schemas/', '"#/definitions/')
  return ajv.compile(JSON.parse(local))
}
