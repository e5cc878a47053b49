import { z } from "zod"
import type { Json, JsonObject } from "../../host.ts"
import { functionArnOf } from "./invokeFunction.ts"
import type { GatewayResponse, RestAuthorizer, RestIntegration, RestMethod } from "./registry.ts"

const texts = z.array(z.string()).default([])
const textMap = z.record(z.string(), z.coerce.string()).default({})
const wholeNumber = z.coerce.number().int()
/** A truth value, as JSON or as the text that YAML and intrinsic functions give. */
export const isTrue = z
  .union([z.boolean(), z.enum(["true", "false"])])
  .transform(value => value === true || value === "true")

const IntegrationResponse = z
  .object({
    StatusCode: wholeNumber.min(200).max(599),
    SelectionPattern: z.string().optional(),
    ResponseParameters: textMap,
    ResponseTemplates: textMap,
    ContentHandling: z.string().optional(),
  })
  .transform(given => ({
    statusCode: given.StatusCode,
    selectionPattern: given.SelectionPattern === "" ? undefined : given.SelectionPattern,
    parameters: given.ResponseParameters,
    templates: given.ResponseTemplates,
    contentHandling: given.ContentHandling,
  }))

/** `Integration` of a method, as the CloudFormation reference names its members. */
const Integration = z
  .object({
    Type: z.enum(["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"]),
    IntegrationHttpMethod: z.string().optional(),
    Uri: z.string().default(""),
    Credentials: z.string().optional(),
    RequestParameters: textMap,
    RequestTemplates: textMap,
    PassthroughBehavior: z.enum(["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]).default("WHEN_NO_MATCH"),
    ContentHandling: z.string().optional(),
    TimeoutInMillis: wholeNumber.min(50).max(300_000).default(29_000),
    IntegrationResponses: z.array(IntegrationResponse).default([]),
  })
  .transform(
    (given): RestIntegration => ({
      type: given.Type,
      httpMethod: given.IntegrationHttpMethod,
      uri: given.Uri,
      credentials: given.Credentials,
      parameters: given.RequestParameters,
      templates: given.RequestTemplates,
      passthrough: given.PassthroughBehavior,
      contentHandling: given.ContentHandling,
      timeoutMs: given.TimeoutInMillis,
      responses: given.IntegrationResponses,
    }),
  )

/** Properties of an `AWS::ApiGateway::Method` that say what it does. */
export const Method = z
  .object({
    HttpMethod: z.string(),
    AuthorizationType: z.enum(["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"]).default("NONE"),
    AuthorizerId: z.string().optional(),
    AuthorizationScopes: texts,
    ApiKeyRequired: isTrue.default(false),
    RequestValidatorId: z.string().optional(),
    RequestParameters: z.record(z.string(), isTrue).default({}),
    RequestModels: textMap,
    Integration: Integration.optional(),
  })
  .transform(
    (given): RestMethod => ({
      httpMethod: given.HttpMethod.toUpperCase(),
      authorization: given.AuthorizationType,
      authorizerId: given.AuthorizerId,
      scopes: given.AuthorizationScopes,
      needsKey: given.ApiKeyRequired,
      validatorId: given.RequestValidatorId,
      requiredParameters: Object.entries(given.RequestParameters).flatMap(([name, needed]) => (needed ? [name] : [])),
      models: given.RequestModels,
      integration: given.Integration,
    }),
  )

/** Properties of an `AWS::ApiGateway::Authorizer`. Without an id it is known by its name. */
export const Authorizer = z
  .object({
    Type: z.enum(["TOKEN", "REQUEST", "COGNITO_USER_POOLS"]),
    AuthorizerUri: z.string().default(""),
    AuthorizerCredentials: z.string().optional(),
    AuthorizerResultTtlInSeconds: wholeNumber.min(0).max(3600).default(300),
    IdentitySource: z.string().default(""),
    IdentityValidationExpression: z.string().optional(),
    ProviderARNs: texts,
  })
  .transform(given => (id: string): RestAuthorizer => {
    const named = given.IdentitySource.split(",").map(source => source.trim())
    const sources = named.filter(source => source !== "")
    const isImplied = sources.length === 0 && given.Type !== "REQUEST"
    const identitySources = isImplied ? ["method.request.header.Authorization"] : sources
    const expression = given.IdentityValidationExpression
    const validation = expression === undefined ? undefined : new RegExp(`^(?:${expression})$`)
    if (given.Type === "COGNITO_USER_POOLS") {
      const poolIds = given.ProviderARNs.map(arn => arn.slice(arn.lastIndexOf("/") + 1))
      return { type: given.Type, id, identitySources, validation, poolIds }
    }
    const functionArn = functionArnOf(given.AuthorizerUri)
    if (functionArn === undefined) throw new Error(`AuthorizerUri ${given.AuthorizerUri} names no function`)
    const ttlSeconds = identitySources.length === 0 ? 0 : given.AuthorizerResultTtlInSeconds
    const credentials = given.AuthorizerCredentials
    return { type: given.Type, id, identitySources, validation, functionArn, credentials, ttlSeconds }
  })

/** What a gateway response changes. */
export const GatewayResponseChange = z
  .object({
    StatusCode: wholeNumber.min(200).max(599).optional(),
    ResponseParameters: textMap,
    ResponseTemplates: textMap,
  })
  .transform(
    (given): GatewayResponse => ({
      statusCode: given.StatusCode,
      parameters: given.ResponseParameters,
      templates: given.ResponseTemplates,
    }),
  )

/** Members of a definition in OpenAPI under the names that CloudFormation has for them: `requestTemplates` as `RequestTemplates`. */
export const capitalized = (given: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, Json][] =>
      value === null ? [] : [[name.charAt(0).toUpperCase() + name.slice(1), value]],
    ),
  )
