import type { Json, JsonObject } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import type { AuthMode } from "./contract.ts"

/** One way to sign in that an API accepts, as the template configures it. */
export interface AuthProvider {
  readonly mode: AuthMode
  readonly userPool?: {
    readonly poolId: string
    readonly defaultAction: "ALLOW" | "DENY"
    readonly appIdClientRegex?: string
  }
  readonly oidc?: {
    readonly issuer: string
    readonly clientId?: string
    readonly iatTtlMs?: number
    readonly authTtlMs?: number
  }
  readonly lambda?: { readonly functionArn: string; readonly ttlSeconds: number; readonly tokenPattern?: string }
}

/** The settings of one GraphQL API. */
export interface ApiConfig {
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly defaultMode: AuthProvider
  readonly additional: readonly AuthProvider[]
  readonly queryDepthMax: number
  readonly resolversMax: number
  readonly allowIntrospection: boolean
  readonly environmentVariables: Readonly<Record<string, string>>
}

const resolversPerRequestMax = 10_000

/** Reads the properties of an AWS::AppSync::GraphQLApi. Throws an Error for what AppSync refuses. */
export function readApiConfig(id: string, arn: string, properties: JsonObject): ApiConfig {
  return {
    id,
    arn,
    name: textOf(properties.Name) ?? id,
    defaultMode: readProvider(properties),
    additional: listOf(properties.AdditionalAuthenticationProviders).map(one => readProvider(objectOf(one))),
    queryDepthMax: numberOf(properties.QueryDepthLimit) ?? 0,
    resolversMax: numberOf(properties.ResolverCountLimit) || resolversPerRequestMax,
    allowIntrospection: properties.IntrospectionConfig !== "DISABLED",
    environmentVariables: readEnvironment(objectOf(properties.EnvironmentVariables)),
  }
}

function readProvider(properties: JsonObject): AuthProvider {
  const mode = readMode(properties.AuthenticationType)
  const pool = objectOf(properties.UserPoolConfig)
  const oidc = objectOf(properties.OpenIDConnectConfig)
  const lambda = objectOf(properties.LambdaAuthorizerConfig)
  switch (mode) {
    case "AMAZON_COGNITO_USER_POOLS":
      return {
        mode,
        userPool: {
          poolId: textOf(pool.UserPoolId) ?? "",
          defaultAction: pool.DefaultAction === "DENY" ? "DENY" : "ALLOW",
          ...optional("appIdClientRegex", textOf(pool.AppIdClientRegex)),
        },
      }
    case "OPENID_CONNECT":
      return {
        mode,
        oidc: {
          issuer: textOf(oidc.Issuer) ?? "",
          ...optional("clientId", textOf(oidc.ClientId)),
          ...optional("iatTtlMs", numberOf(oidc.IatTTL)),
          ...optional("authTtlMs", numberOf(oidc.AuthTTL)),
        },
      }
    case "AWS_LAMBDA":
      return {
        mode,
        lambda: {
          functionArn: textOf(lambda.AuthorizerUri) ?? "",
          ttlSeconds: numberOf(lambda.AuthorizerResultTtlInSeconds) ?? 300,
          ...optional("tokenPattern", textOf(lambda.IdentityValidationExpression)),
        },
      }
    default:
      return { mode }
  }
}

function readMode(value: Json | undefined): AuthMode {
  switch (value) {
    case "API_KEY":
    case "AWS_IAM":
    case "AMAZON_COGNITO_USER_POOLS":
    case "OPENID_CONNECT":
    case "AWS_LAMBDA":
      return value
    default:
      throw new Error(`AuthenticationType '${String(value)}' is not one that AppSync knows.`)
  }
}

const environmentKey = /^[A-Za-z]+\w*$/

function readEnvironment(variables: JsonObject): Record<string, string> {
  const entries = Object.entries(variables).map(([key, value]): [string, string] => [key, String(value)])
  const wrong = entries.find(
    ([key, value]) => !environmentKey.test(key) || key.length < 2 || key.length > 64 || value.length > 512,
  )
  if (wrong !== undefined) {
    throw new Error(
      `Environment variable '${wrong[0]}': a key has 2-64 letters, digits or _, a value at most 512 characters.`,
    )
  }
  if (entries.length > 50) throw new Error(`An API has at most 50 environment variables, not ${entries.length}.`)
  return Object.fromEntries(entries)
}

const optional = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [key in K]?: V })

/** The value as a number, also when the template gives it as text. */
export const numberOf = (value: Json | undefined): number | undefined =>
  value === undefined || value === null || value === "" || Number.isNaN(Number(value)) ? undefined : Number(value)
