import type { Host, Json, JsonObject } from "../../host.ts"
import { requestContext } from "../../iam/conditions.ts"
import { evaluate, statementsOf } from "../../iam/policy.ts"
import { objectOf, textOf } from "../../json.ts"
import { withinTime } from "../timeLimit.ts"
import { methodArn } from "./context.ts"
import { identityOf } from "./identitySources.ts"
import { invokerOf } from "./invokeFunction.ts"
import { eventOf } from "./lambdaProxy.ts"
import { refusals } from "./refusals.ts"
import type { RestAuthorizer } from "./registry.ts"
import type { RoutedRequest } from "./request.ts"
import { withVariables } from "./stageVariables.ts"

type FunctionAuthorizer = Exclude<RestAuthorizer, { type: "COGNITO_USER_POOLS" }>

/** What an authorizer's function says of a caller. */
interface Verdict {
  readonly policy: JsonObject
  readonly context: JsonObject
  readonly usageKey: string | undefined
}

const cachedMax = 1000
const timeoutMs = 29_000

/**
 * Asks the functions of authorizers. Verdicts are kept as long as their authorizer says (0: not at all), by the parts that identify
 * the caller; a kept policy is applied to every method anew.
 */
export function createFunctionAuthorizer(host: Host) {
  const cached = new Map<string, { readonly verdict: Verdict; readonly until: number }>()

  const verdictOn = async (request: RoutedRequest, authorizer: FunctionAuthorizer): Promise<Verdict> => {
    const identity = identityOf(host, request, authorizer)
    if (authorizer.ttlSeconds === 0) return askFunction(host, request, authorizer, identity)
    const key = JSON.stringify([request.api.id, request.stageName, authorizer.id, identity])
    const known = cached.get(key)
    if (known !== undefined && known.until > host.clock.now()) return known.verdict
    const verdict = await askFunction(host, request, authorizer, identity)
    if (cached.size >= cachedMax) cached.clear()
    cached.set(key, { verdict, until: host.clock.now() + authorizer.ttlSeconds * 1000 })
    return verdict
  }

  return async (request: RoutedRequest, authorizer: FunctionAuthorizer): Promise<RoutedRequest> => {
    const { policy, context, usageKey } = await verdictOn(request, authorizer)
    const decision = evaluate(statementsOf(policy), {
      action: "execute-api:Invoke",
      resource: methodArn(host, request, request.path),
      context: requestContext({ "aws:SourceIp": request.sourceIp }),
    })
    if (decision.effect !== "Allow") throw refusals.denied(decision.effect === "Deny", context)
    return { ...request, authorizer: context, ...(usageKey !== undefined && { identity: { apiKey: usageKey } }) }
  }
}

async function askFunction(
  host: Host,
  request: RoutedRequest,
  authorizer: FunctionAuthorizer,
  identity: readonly string[],
): Promise<Verdict> {
  const arn = methodArn(host, request, request.path)
  const event: JsonObject =
    authorizer.type === "TOKEN"
      ? { type: "TOKEN", methodArn: arn, authorizationToken: identity[0] ?? "" }
      : { type: "REQUEST", methodArn: arn, ...eventOf(host, request, {}) }
  const source = `arn:aws:execute-api:${host.region}:${host.accountId}:${request.api.id}/authorizers/${authorizer.id}`
  const by = invokerOf(authorizer.credentials, source)
  const asked = host.lambda.invoke(withVariables(authorizer.functionArn, request.stage.variables), event, by)
  const startedAt = host.clock.now()
  const refuse = (error: unknown) => {
    throw refusals.authorizerFails(`authorizer: ${error instanceof Error ? error.message : error}`)
  }
  const result = await withinTime(host, timeoutMs, asked.catch(refuse))
  if (result === "late") throw refusals.authorizerFails("the authorizer takes longer than its time limit")
  const answer = objectOf(result.payload)
  if (result.functionError !== undefined && answer.errorMessage === "Unauthorized") throw refusals.unauthorized()
  const verdict = result.functionError === undefined ? verdictOf(answer, host.clock.now() - startedAt) : undefined
  if (verdict !== undefined) return verdict
  const isFailed = result.functionError !== undefined
  throw refusals.authorizerFails(
    isFailed ? `the authorizer fails: ${answer.errorMessage}` : "the authorizer's answer is no policy with a principal",
  )
}

/** Undefined for an answer without principal or policy, or with more than texts, numbers and truth values in its context. */
function verdictOf(answer: JsonObject, integrationLatency: number): Verdict | undefined {
  const policy = objectOf(answer.policyDocument)
  if (textOf(answer.principalId) === undefined || policy.Statement === undefined) return undefined
  const context = Object.entries(objectOf(answer.context)).filter(([, value]) => value !== null)
  if (context.some(([, value]) => typeof value === "object")) return undefined
  const texts: [string, Json][] = context.map(([name, value]) => [name, String(value)])
  return {
    policy,
    usageKey: textOf(answer.usageIdentifierKey),
    context: {
      ...Object.fromEntries(texts),
      principalId: answer.principalId ?? "",
      integrationLatency: Math.round(integrationLatency),
    },
  }
}
