import type { JsonObject } from "../../host.ts"

/** A path of an API. */
export interface RestResource {
  readonly id: string
  /** `/things/{id}`. */
  readonly path: string
}

/** What a method's integration answers for some of the results. */
export interface IntegrationResponse {
  readonly statusCode: number
  /** Undefined: for whatever no other answer is meant for. */
  readonly selectionPattern: string | undefined
  readonly parameters: Readonly<Record<string, string>>
  readonly templates: Readonly<Record<string, string>>
  readonly contentHandling: string | undefined
}

/** Where the requests of a method go. */
export interface RestIntegration {
  readonly type: "AWS" | "AWS_PROXY" | "HTTP" | "HTTP_PROXY" | "MOCK"
  readonly httpMethod: string | undefined
  readonly uri: string
  /** ARN of the role that API Gateway takes; without one the resource policy of a function must let it in. */
  readonly credentials: string | undefined
  readonly parameters: Readonly<Record<string, string>>
  readonly templates: Readonly<Record<string, string>>
  readonly passthrough: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER"
  /** `CONVERT_TO_TEXT` or `CONVERT_TO_BINARY`; undefined: bodies stay as they are. */
  readonly contentHandling: string | undefined
  readonly timeoutMs: number
  readonly responses: readonly IntegrationResponse[]
}

export interface RestMethod {
  /** `ANY` for every one that has no method of its own. */
  readonly httpMethod: string
  readonly authorization: "NONE" | "AWS_IAM" | "CUSTOM" | "COGNITO_USER_POOLS"
  readonly authorizerId: string | undefined
  readonly scopes: readonly string[]
  readonly needsKey: boolean
  readonly validatorId: string | undefined
  /** Parameters that a validator asks for, such as `method.request.querystring.page`. */
  readonly requiredParameters: readonly string[]
  /** Names of models by content type. */
  readonly models: Readonly<Record<string, string>>
  readonly integration: RestIntegration | undefined
}

/** Who checks the requests of a method. */
export type RestAuthorizer =
  | {
      readonly type: "TOKEN" | "REQUEST"
      readonly id: string
      readonly functionArn: string
      readonly credentials: string | undefined
      /** `method.request.header.Authorization` and its like. */
      readonly identitySources: readonly string[]
      readonly validation: RegExp | undefined
      readonly ttlSeconds: number
    }
  | {
      readonly type: "COGNITO_USER_POOLS"
      readonly id: string
      readonly identitySources: readonly string[]
      readonly validation: RegExp | undefined
      readonly poolIds: readonly string[]
    }

/** How an API words an error of API Gateway's own. */
export interface GatewayResponse {
  readonly statusCode: number | undefined
  readonly parameters: Readonly<Record<string, string>>
  readonly templates: Readonly<Record<string, string>>
}

/** What is checked of a request before its integration. */
export interface RequestValidator {
  readonly body: boolean
  readonly parameters: boolean
}

export interface RestStage {
  readonly variables: Readonly<Record<string, string>>
  readonly deploymentId: string
}

/** One REST API with everything that its definition or other resources of the template attach to it. */
export interface RestApi {
  readonly id: string
  readonly name: string
  readonly rootId: string
  readonly binaryMediaTypes: readonly string[]
  readonly keySource: "HEADER" | "AUTHORIZER"
  readonly resources: Map<string, RestResource>
  /** By resource, then by HTTP method. */
  readonly methods: Map<string, Map<string, RestMethod>>
  readonly authorizers: Map<string, RestAuthorizer>
  readonly validators: Map<string, RequestValidator>
  /** JSON schemas by name. */
  readonly models: Map<string, JsonObject>
  readonly gatewayResponses: Map<string, GatewayResponse>
  readonly stages: Map<string, RestStage>
}

export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly isEnabled: boolean
}

/** Which keys may call which stages, named `<api>/<stage>`. */
export interface UsagePlan {
  readonly stages: ReadonlySet<string>
  readonly keyIds: Set<string>
}

/** The REST APIs, keys and usage plans of the account, by id. */
export interface RestRegistry {
  readonly apis: Map<string, RestApi>
  readonly keys: Map<string, ApiKey>
  readonly plans: Map<string, UsagePlan>
}

/** An API with its root alone. */
export function newRestApi(
  id: string,
  settings: Pick<RestApi, "name" | "rootId" | "binaryMediaTypes" | "keySource">,
): RestApi {
  return {
    ...settings,
    id,
    resources: new Map([[settings.rootId, { id: settings.rootId, path: "/" }]]),
    methods: new Map(),
    authorizers: new Map(),
    validators: new Map(),
    models: new Map(),
    gatewayResponses: new Map(),
    stages: new Map(),
  }
}

/** Puts a method on a resource, in place of one for the same HTTP method. */
export function addMethod(api: RestApi, resourceId: string, method: RestMethod): void {
  const methods = api.methods.get(resourceId) ?? new Map<string, RestMethod>()
  api.methods.set(resourceId, methods.set(method.httpMethod, method))
}
