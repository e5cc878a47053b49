import type { Host, Json, JsonObject } from "../../host.ts"
import { objectOf } from "../../json.ts"
import type { ApiConfig, AuthProvider } from "../api.ts"
import { createTimeLimit } from "../execution/timeLimit.ts"
import type { AuthAttempt } from "./attempt.ts"
import { type Caller, Unauthorized } from "./caller.ts"

type LambdaProvider = NonNullable<AuthProvider["lambda"]>

const authorizerTimeoutMs = 10_000
const ttlMaxSeconds = 3600
const cachedMax = 1000

/** Asks an API's Lambda authorizer; its answer is kept for the token until its time to live is over. */
export function createLambdaAuthorizer(
  host: Host,
): (config: ApiConfig, provider: LambdaProvider, attempt: AuthAttempt) => Promise<Caller> {
  const cached = new Map<string, { readonly caller: Caller; readonly until: number }>()

  return async (config, provider, attempt) => {
    const token = attempt.headers.authorization ?? ""
    if (provider.tokenPattern !== undefined && !new RegExp(provider.tokenPattern).test(token)) throw refused()
    const key = `${config.id} ${token}`
    const known = cached.get(key)
    if (known !== undefined && known.until > host.clock.now()) return known.caller
    const answer = await ask(host, config, provider, attempt, token)
    if (answer.isAuthorized !== true) throw refused()
    const caller = callerOf(answer)
    const ttlSeconds = Math.min(Number(answer.ttlOverride ?? provider.ttlSeconds), ttlMaxSeconds)
    if (cached.size >= cachedMax) cached.clear()
    if (ttlSeconds > 0) cached.set(key, { caller, until: host.clock.now() + ttlSeconds * 1000 })
    return caller
  }
}

async function ask(
  host: Host,
  config: ApiConfig,
  { functionArn }: LambdaProvider,
  { headers, requestId, operation }: AuthAttempt,
  authorizationToken: string,
): Promise<JsonObject> {
  const event = {
    authorizationToken,
    requestContext: {
      apiId: config.id,
      accountId: host.accountId,
      requestId,
      queryString: operation.query,
      operationName: operation.operationName,
      variables: operation.variables,
    },
    requestHeaders: { ...headers },
  }
  const limit = createTimeLimit(host.clock, authorizerTimeoutMs)
  const by = { service: "appsync.amazonaws.com", sourceArn: config.arn }
  const result = await limit
    .bound((payload: JsonObject) => host.lambda.invoke(functionArn, payload, by))(event)
    .catch(() => undefined)
  limit.end()
  return result === undefined || result.functionError !== undefined ? {} : objectOf(result.payload)
}

function callerOf(answer: JsonObject): Caller {
  const denied: Json = answer.deniedFields ?? []
  return {
    mode: "AWS_LAMBDA",
    groups: [],
    deniedFields: new Set(Array.isArray(denied) ? denied.map(String) : []),
    identity: { resolverContext: objectOf(answer.resolverContext) },
  }
}

const refused = () => new Unauthorized("You are not authorized to make this call.")
