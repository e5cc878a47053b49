import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { z } from "zod"
import type { Json, JsonObject } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"
import { stableId } from "../identifiers.ts"
import { Authorizer, capitalized, GatewayResponseChange, Method } from "./definition.ts"
import { addMethod, type RestApi } from "./registry.ts"

const httpMethods = ["get", "put", "post", "delete", "options", "head", "patch"]
const anyMethod = "x-amazon-apigateway-any-method"

/**
 * Puts what a definition in OpenAPI 2 or 3 says into an API: the paths with `x-amazon-apigateway-integration`, authorizers of the
 * security schemes, validators, models and gateway responses. The definition is the object, or a file in JSON or YAML.
 */
export function readDefinition(api: RestApi, inline: JsonObject, file: string | undefined): RestApi {
  const definition = file === undefined ? inline : readFile(file)
  const read = { ...api, ...settingsOf(api, definition) }
  addSecurity(read, definition)
  addModels(read, definition)
  for (const [name, validator] of Object.entries(objectOf(definition["x-amazon-apigateway-request-validators"]))) {
    const { validateRequestBody, validateRequestParameters } = objectOf(validator)
    read.validators.set(name, { body: isOn(validateRequestBody), parameters: isOn(validateRequestParameters) })
  }
  for (const [type, response] of Object.entries(objectOf(definition["x-amazon-apigateway-gateway-responses"])))
    read.gatewayResponses.set(type, parsed(GatewayResponseChange, capitalized(objectOf(response)), type))
  for (const [path, item] of Object.entries(objectOf(definition.paths))) addPath(read, definition, path, objectOf(item))
  return read
}

function readFile(path: string): JsonObject {
  // Loaded for the first file: most definitions are in the template.
  const { parse }: typeof import("yaml") = createRequire(import.meta.url)("yaml")
  return objectOf(parse(readFileSync(path, "utf8")))
}

function settingsOf(api: RestApi, definition: JsonObject): Partial<RestApi> {
  const binary = listOf(definition["x-amazon-apigateway-binary-media-types"]).map(String)
  const keySource = definition["x-amazon-apigateway-api-key-source"]
  return {
    binaryMediaTypes: [...api.binaryMediaTypes, ...binary],
    ...(keySource === "AUTHORIZER" && { keySource }),
  }
}

const schemesOf = (definition: JsonObject): JsonObject => ({
  ...objectOf(definition.securityDefinitions),
  ...objectOf(objectOf(definition.components).securitySchemes),
})

/** Authorizers go by the names of their schemes. */
function addSecurity(api: RestApi, definition: JsonObject): void {
  for (const [name, given] of Object.entries(schemesOf(definition))) {
    const scheme = objectOf(given)
    const authorizer = objectOf(scheme["x-amazon-apigateway-authorizer"])
    const type = textOf(authorizer.type)?.toUpperCase()
    if (type === undefined) continue
    const header = `method.request.header.${textOf(scheme.name) ?? "Authorization"}`
    const properties = {
      ...capitalized(authorizer),
      ProviderARNs: listOf(authorizer.providerARNs),
      Type: type,
      IdentitySource: authorizer.identitySource ?? (type === "REQUEST" ? "" : header),
    }
    api.authorizers.set(name, parsed(Authorizer, properties, name)(name))
  }
}

function addModels(api: RestApi, { definitions, components }: JsonObject): void {
  for (const [name, schema] of Object.entries({ ...objectOf(definitions), ...objectOf(objectOf(components).schemas) }))
    api.models.set(name, objectOf(schema))
}

function addPath(api: RestApi, definition: JsonObject, given: string, item: JsonObject): void {
  const path = given.length > 1 ? given.replace(/\/$/, "") : given
  const id = path === "/" ? api.rootId : stableId(`${api.id}${path}`).slice(0, 6)
  api.resources.set(id, { id, path })
  for (const [name, value] of Object.entries(item)) {
    if (name !== anyMethod && !httpMethods.includes(name.toLowerCase())) continue
    const operation = objectOf(value)
    const parameters = [...listOf(item.parameters), ...listOf(operation.parameters)].map(one => meant(definition, one))
    const validation = validationOf(definition, operation, parameters, (schema, type) => {
      const model = `${name} ${path} ${type}`
      api.models.set(model, schema)
      return model
    })
    const properties = {
      HttpMethod: name === anyMethod ? "ANY" : name,
      ...securityOf(definition, operation),
      ...validation,
      ...integrationOf(objectOf(operation["x-amazon-apigateway-integration"])),
    }
    addMethod(api, id, parsed(Method, properties, `${name} ${path}`))
  }
}

/** Of alternatives API Gateway takes the authorizer that it knows; a scheme for `x-api-key` asks for a key besides. */
function securityOf(definition: JsonObject, operation: JsonObject): JsonObject {
  const schemes = schemesOf(definition)
  const demands = listOf(operation.security ?? definition.security).flatMap(one => Object.entries(objectOf(one)))
  const own: JsonObject = {}
  if (objectOf(operation["x-amazon-apigateway-auth"]).type === "AWS_IAM") own.AuthorizationType = "AWS_IAM"
  for (const [name, scopes] of demands) {
    const scheme = objectOf(schemes[name])
    const authorizer = objectOf(scheme["x-amazon-apigateway-authorizer"])
    if (authorizer.type !== undefined) {
      const isPool = String(authorizer.type).toUpperCase() === "COGNITO_USER_POOLS"
      own.AuthorizationType = isPool ? "COGNITO_USER_POOLS" : "CUSTOM"
      own.AuthorizerId = name
      own.AuthorizationScopes = isPool ? listOf(scopes) : []
    } else if (scheme["x-amazon-apigateway-authtype"] === "awsSigv4") own.AuthorizationType = "AWS_IAM"
    else if (scheme.type === "apiKey" && String(scheme.name).toLowerCase() === "x-api-key") own.ApiKeyRequired = true
  }
  return own
}

/** What `{ $ref: "#/components/parameters/page" }` stands for; anything else stands for itself. */
function meant(definition: JsonObject, value: Json): JsonObject {
  const path = /^#\/(.+)$/.exec(textOf(objectOf(value).$ref) ?? "")?.[1]
  return path === undefined
    ? objectOf(value)
    : path.split("/").reduce<JsonObject>((of, name) => objectOf(of[name]), definition)
}

const places: Record<string, string> = { header: "header", query: "querystring", path: "path" }

/** What a validator is to check; `keep` keeps a schema that has no name. */
function validationOf(
  definition: JsonObject,
  operation: JsonObject,
  parameters: readonly JsonObject[],
  keep: (schema: JsonObject, contentType: string) => string,
): JsonObject {
  const validator =
    operation["x-amazon-apigateway-request-validator"] ?? definition["x-amazon-apigateway-request-validator"]
  const needed = parameters.flatMap((parameter): [string, boolean][] => {
    const place = places[String(parameter.in)]
    return place === undefined ? [] : [[`method.request.${place}.${parameter.name}`, isOn(parameter.required)]]
  })
  const inBody = parameters.find(parameter => parameter.in === "body")
  const contents = Object.entries(objectOf(meant(definition, operation.requestBody ?? null).content))
  const schemas = inBody === undefined ? contents : [["application/json", inBody] as const]
  const models = schemas.flatMap(([type, content]): [string, Json][] => {
    const { schema } = objectOf(content)
    if (schema === undefined) return []
    const reference = textOf(objectOf(schema).$ref)
    return [[type, reference?.slice(reference.lastIndexOf("/") + 1) ?? keep(objectOf(schema), type)]]
  })
  return {
    ...(validator !== undefined && { RequestValidatorId: validator }),
    RequestParameters: Object.fromEntries(needed),
    RequestModels: Object.fromEntries(models),
  }
}

function integrationOf(given: JsonObject): JsonObject {
  if (given.type === undefined) return {}
  const { type, httpMethod, passthroughBehavior, responses, ...rest } = given
  const answers = Object.entries(objectOf(responses)).map(([pattern, response]) => ({
    ...(pattern !== "default" && { SelectionPattern: pattern }),
    ...capitalized(objectOf(response)),
  }))
  return {
    Integration: {
      ...capitalized(rest),
      Type: String(type).toUpperCase(),
      ...(httpMethod !== undefined && { IntegrationHttpMethod: httpMethod }),
      ...(passthroughBehavior !== undefined && { PassthroughBehavior: String(passthroughBehavior).toUpperCase() }),
      IntegrationResponses: answers,
    },
  }
}

const isOn = (value: Json | undefined): boolean => value === true || value === "true"

function parsed<Out>(schema: z.ZodType<Out>, properties: JsonObject, place: string): Out {
  const result = schema.safeParse(properties)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new Error(`the definition of ${place}: ${issue?.path.join(".")}: ${issue?.message}`)
}
