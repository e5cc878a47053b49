import type { Json, JsonObject } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"
import { optional } from "./expansion.ts"
import type { RestRoute } from "./restRoute.ts"

/** The definition in OpenAPI that SAM makes of an `AWS::Serverless::Api` and the events that belong to it. */
export function restDefinition(api: JsonObject, routes: readonly RestRoute[]): JsonObject {
  const given = objectOf(api.DefinitionBody)
  const paths: JsonObject = structuredClone(objectOf(given.paths))
  for (const route of routes) {
    const path = objectOf(paths[route.path])
    const integration = operationOf(api, route)
    const operation = { ...objectOf(path[route.method]), ...integration }
    const { condition } = route
    const kept = condition === undefined ? operation : { "Fn::If": [condition, operation, { Ref: "AWS::NoValue" }] }
    paths[route.path] = { ...path, [route.method]: kept }
  }
  addCors(api, paths)
  return {
    swagger: "2.0",
    ...given,
    paths,
    definitions: { ...objectOf(given.definitions), ...objectOf(api.Models) },
    ...optional("security", defaultSecurity(api)),
    securityDefinitions: { ...objectOf(given.securityDefinitions), ...schemesOf(api) },
    "x-amazon-apigateway-request-validators": {
      ...objectOf(given["x-amazon-apigateway-request-validators"]),
      ...validators,
    },
    "x-amazon-apigateway-gateway-responses": {
      ...objectOf(given["x-amazon-apigateway-gateway-responses"]),
      ...gatewayResponsesOf(api),
    },
  }
}

/** The authorizers of an `AWS::Serverless::Api`, by name. */
export const authorizersOf = (api: JsonObject): JsonObject => objectOf(objectOf(api.Auth).Authorizers)

const uriOf = (functionArn: Json): JsonObject => ({
  "Fn::Sub": [
    `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${function}/invocations`,
    { function: functionArn },
  ],
})

const validators: JsonObject = {
  body: { validateRequestBody: true },
  parameters: { validateRequestParameters: true },
  all: { validateRequestBody: true, validateRequestParameters: true },
}

function operationOf(api: JsonObject, { functionArn, properties }: RestRoute): JsonObject {
  const { Model, Required, ValidateBody, ValidateParameters } = objectOf(properties.RequestModel)
  const named = listOf(properties.RequestParameters).flatMap((one): [string, Json][] =>
    typeof one === "string" ? [[one, {}]] : Object.entries(objectOf(one)),
  )
  const parameters = named.flatMap(([expression, settings]): Json[] => {
    const [, place = "", name] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(expression) ?? []
    const isRequired = place === "path" || isOn(objectOf(settings).Required)
    return name === undefined ? [] : [{ name, in: place === "querystring" ? "query" : place, required: isRequired }]
  })
  const body = Model === undefined ? [] : [bodyParameter(Model, Required)]
  const validator = isOn(ValidateBody) ? (isOn(ValidateParameters) ? "all" : "body") : "parameters"
  const isValidated = isOn(ValidateBody) || isOn(ValidateParameters)
  return {
    "x-amazon-apigateway-integration": {
      type: "aws_proxy",
      httpMethod: "POST",
      uri: uriOf(functionArn),
      ...optional("timeoutInMillis", properties.TimeoutInMillis),
    },
    ...((parameters.length > 0 || body.length > 0) && { parameters: [...parameters, ...body] }),
    ...(isValidated && { "x-amazon-apigateway-request-validator": validator }),
    ...optional("security", securityOf(api, objectOf(properties.Auth))),
  }
}

const bodyParameter = (model: Json, required: Json | undefined): JsonObject => ({
  in: "body",
  name: String(model),
  schema: { $ref: `#/definitions/${String(model)}` },
  ...optional("required", required),
})

const isOn = (value: Json | undefined): boolean => value === true || value === "true"

/** What an operation demands; undefined where it says nothing, which leaves it to the API. */
function securityOf(api: JsonObject, auth: JsonObject): Json[] | undefined {
  if (auth.Authorizer === undefined && auth.ApiKeyRequired === undefined && auth.AuthorizationScopes === undefined)
    return undefined
  const defaults = objectOf(api.Auth)
  const name = textOf(auth.Authorizer ?? defaults.DefaultAuthorizer)
  const scopes = auth.AuthorizationScopes ?? objectOf(authorizersOf(api)[name ?? ""]).AuthorizationScopes
  return [
    ...(name === undefined || name === "NONE" ? [] : [{ [name]: listOf(scopes) }]),
    ...(isOn(auth.ApiKeyRequired ?? defaults.ApiKeyRequired) ? [{ api_key: [] }] : []),
  ]
}

function defaultSecurity(api: JsonObject): Json[] | undefined {
  const { DefaultAuthorizer, ApiKeyRequired } = objectOf(api.Auth)
  return securityOf(api, {
    ...optional("Authorizer", DefaultAuthorizer),
    ...optional("ApiKeyRequired", ApiKeyRequired),
  })
}

function schemesOf(api: JsonObject): JsonObject {
  const named = Object.entries(authorizersOf(api)).map(([name, given]) => [name, schemeOf(objectOf(given))])
  return {
    ...Object.fromEntries(named),
    AWS_IAM: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
    api_key: { type: "apiKey", name: "x-api-key", in: "header" },
  }
}

function schemeOf(authorizer: JsonObject): JsonObject {
  const identity = objectOf(authorizer.Identity)
  const isPool = authorizer.UserPoolArn !== undefined
  const type = isPool ? "cognito_user_pools" : String(authorizer.FunctionPayloadType ?? "TOKEN").toLowerCase()
  const sources = (prefix: string, name: string) => listOf(identity[name]).map(one => `${prefix}.${String(one)}`)
  const identitySource = [
    ...sources("method.request.header", "Headers"),
    ...sources("method.request.querystring", "QueryStrings"),
    ...sources("stageVariables", "StageVariables"),
    ...sources("context", "Context"),
  ].join(", ")
  return {
    type: "apiKey",
    name: type === "request" ? "Unused" : (identity.Header ?? "Authorization"),
    in: "header",
    "x-amazon-apigateway-authtype": isPool ? "cognito_user_pools" : "custom",
    "x-amazon-apigateway-authorizer": {
      type,
      ...(isPool && { providerARNs: listOf(authorizer.UserPoolArn) }),
      ...(!isPool && { authorizerUri: uriOf(authorizer.FunctionArn ?? null) }),
      ...optional("authorizerCredentials", authorizer.FunctionInvokeRole),
      ...optional("authorizerResultTtlInSeconds", identity.ReauthorizeEvery),
      ...optional("identityValidationExpression", identity.ValidationExpression),
      ...(type === "request" && { identitySource }),
    },
  }
}

/** With `Cors` every path without a method of its own for preflights gets one that answers them. */
function addCors(api: JsonObject, paths: JsonObject): void {
  if (api.Cors === undefined || api.Cors === null) return
  const cors = typeof api.Cors === "string" ? { AllowOrigin: api.Cors } : objectOf(api.Cors)
  const { DefaultAuthorizer, AddDefaultAuthorizerToCorsPreflight } = objectOf(api.Auth)
  const isGuarded = DefaultAuthorizer !== undefined && AddDefaultAuthorizerToCorsPreflight !== false
  const guarding = isGuarded ? securityOf(api, { Authorizer: DefaultAuthorizer, ApiKeyRequired: false }) : []
  for (const [path, item] of Object.entries(paths)) {
    const operations = objectOf(item)
    if (operations.options !== undefined) continue
    const security = guarding ?? []
    paths[path] = { ...operations, options: { security, ...preflight(cors, Object.keys(operations)) } }
  }
}

const everyMethod = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

function preflight(cors: JsonObject, names: readonly string[]): JsonObject {
  const isAny = names.includes("x-amazon-apigateway-any-method")
  const own = names.filter(name => /^[a-z]+$/.test(name) && name !== "parameters").map(name => name.toUpperCase())
  const methods = isAny ? everyMethod : [...own, "OPTIONS"].sort()
  const values: JsonObject = {
    "Access-Control-Allow-Origin": cors.AllowOrigin ?? "'*'",
    "Access-Control-Allow-Methods": cors.AllowMethods ?? `'${methods.join(",")}'`,
    ...optional("Access-Control-Allow-Headers", cors.AllowHeaders),
    ...optional("Access-Control-Max-Age", cors.MaxAge),
    ...(isOn(cors.AllowCredentials) && { "Access-Control-Allow-Credentials": "'true'" }),
  }
  const responseParameters = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`method.response.header.${name}`, value]),
  )
  return {
    "x-amazon-apigateway-integration": {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: {
        default: { statusCode: "200", responseParameters, responseTemplates: { "application/json": "{}\n" } },
      },
    },
  }
}

function gatewayResponsesOf(api: JsonObject): JsonObject {
  const responses = Object.entries(objectOf(api.GatewayResponses)).map(([type, given]) => {
    const { StatusCode, ResponseParameters, ResponseTemplates } = objectOf(given)
    const headers = Object.entries(objectOf(objectOf(ResponseParameters).Headers))
    return [
      type,
      {
        ...optional("statusCode", StatusCode),
        ...optional("responseTemplates", ResponseTemplates),
        responseParameters: Object.fromEntries(
          headers.map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
        ),
      },
    ]
  })
  return Object.fromEntries(responses)
}
