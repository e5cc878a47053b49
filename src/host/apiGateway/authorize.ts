import { AwsError, type Host, type Json, type JsonObject } from "../host.ts"
import { isSigned } from "../iam/signature.ts"
import { listOf, objectOf } from "../json.ts"
import type { Authorizer, Route } from "./registry.ts"
import { type ApiRequest, eventOf } from "./request.ts"

/** `requestContext.authorizer` of a request that may pass, or the status that refuses it. */
export type Admission = { readonly authorizer?: JsonObject } | { readonly refused: 401 | 403 | 500 }

const cachedMax = 1000

/** Checks requests as their routes say. Answers of Lambda authorizers are kept as long as their authorizer says: 0 for never. */
export function createAuthorize(host: Host) {
  const cached = new Map<string, { readonly admission: Admission; readonly until: number }>()

  return async (
    request: ApiRequest,
    route: Route,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Admission> => {
    if (route.authorization === "NONE") return {}
    if (route.authorization === "AWS_IAM") return admitSigner(host, request, route)
    const authorizer = request.api.authorizers.get(route.authorizerId ?? "")
    if (authorizer === undefined) return { refused: 500 }
    const identity = authorizer.identitySources.map(source => partOf(source, request))
    if (identity.some(value => value === undefined || value === "")) return { refused: 401 }
    if (authorizer.type === "JWT") return admitToken(host, authorizer, route, identity[0] ?? "")
    const key = JSON.stringify([request.api.id, authorizer.id, identity])
    const known = authorizer.ttlSeconds > 0 ? cached.get(key) : undefined
    if (known !== undefined && known.until > host.clock.now()) return known.admission
    const admission = await askFunction(host, authorizer, request, route, parameters, identity)
    if (cached.size >= cachedMax) cached.clear()
    if (authorizer.ttlSeconds > 0)
      cached.set(key, { admission, until: host.clock.now() + authorizer.ttlSeconds * 1000 })
    return admission
  }
}

async function askFunction(
  host: Host,
  authorizer: Extract<Authorizer, { type: "REQUEST" }>,
  request: ApiRequest,
  route: Route,
  parameters: Readonly<Record<string, string>>,
  identity: readonly (string | undefined)[],
): Promise<Admission> {
  const arn = routeArn(host, request, route)
  const event: JsonObject = {
    ...eventOf(host, request, route.key, parameters),
    type: "REQUEST",
    routeArn: arn,
    identitySource: identity.length === 0 ? null : identity.map(value => value ?? ""),
  }
  const by = {
    service: "apigateway.amazonaws.com",
    sourceArn: `arn:aws:execute-api:${host.region}:${host.accountId}:${request.api.id}/authorizers/${authorizer.id}`,
  }
  const result = await host.lambda.invoke(authorizer.functionArn, event, by).catch(() => undefined)
  if (result === undefined || result.functionError !== undefined) return { refused: 500 }
  const answer = objectOf(result.payload)
  const isAllowed = authorizer.hasSimpleResponses ? answer.isAuthorized : allowsByPolicy(answer, arn)
  if (typeof isAllowed !== "boolean") return { refused: 500 }
  return isAllowed ? { authorizer: { lambda: objectOf(answer.context) } } : { refused: 403 }
}

/** Undefined when the answer holds no policy. */
function allowsByPolicy(answer: JsonObject, arn: string): boolean | undefined {
  const statements = listOf(objectOf(answer.policyDocument).Statement).map(objectOf)
  if (statements.length === 0) return undefined
  const covers = (statement: JsonObject) =>
    listOf(statement.Resource).some(one => new RegExp(`^${String(one).split("*").map(literal).join(".*")}$`).test(arn))
  const effects = statements.filter(covers).map(({ Effect }) => Effect)
  return effects.includes("Allow") && !effects.includes("Deny")
}

const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&")

async function admitToken(
  host: Host,
  { issuer, audiences }: Extract<Authorizer, { type: "JWT" }>,
  { scopes }: Route,
  identity: string,
): Promise<Admission> {
  const token = identity.replace(/^Bearer /i, "")
  const verified = await host.userPools.verify(token).catch((error: unknown) => {
    if (error instanceof AwsError) return undefined
    throw error
  })
  if (verified === undefined || !issuer.endsWith(`/${verified.poolId}`)) return { refused: 401 }
  const { claims } = verified
  if (!audiences.includes(String(claims.aud ?? claims.client_id))) return { refused: 401 }
  const granted = String(claims.scope ?? claims.scp ?? "").split(" ")
  if (scopes.length > 0 && !scopes.some(scope => granted.includes(scope))) return { refused: 403 }
  const texts = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, textOf(value)]))
  return { authorizer: { jwt: { claims: texts, scopes: scopes.length === 0 ? null : [...scopes] } } }
}

/** API Gateway hands every claim on as text. */
const textOf = (value: Json): string =>
  Array.isArray(value) ? `[${value.map(String).join(" ")}]` : typeof value === "string" ? value : JSON.stringify(value)

async function admitSigner(host: Host, request: ApiRequest, route: Route): Promise<Admission> {
  const { method, path, query, headers, body } = request
  if (!isSigned(headers, query)) return { refused: 403 }
  try {
    const principal = await host.iam.verify({ method, path, query, headers, body })
    host.iam.authorize(principal, "execute-api:Invoke", routeArn(host, request, route))
    const userArn = principal.kind === "anonymous" ? "" : principal.arn
    return { authorizer: { iam: { accountId: host.accountId, userArn, callerId: userArn, userId: userArn } } }
  } catch (error) {
    if (error instanceof AwsError) return { refused: 403 }
    throw error
  }
}

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>` */
export function routeArn(host: Host, { api, stage, method }: ApiRequest, { key }: Route): string {
  const place = key === "$default" ? "$default" : `${method}${key.slice(key.indexOf(" ") + 1)}`
  return `arn:aws:execute-api:${host.region}:${host.accountId}:${api.id}/${stage}/${place}`
}

function partOf(source: string, { headers, query, api, stage }: ApiRequest): string | undefined {
  const [, kind, name = ""] = /^\$(request\.header|request\.querystring|stageVariables)\.(.+)$/.exec(source) ?? []
  if (kind === "request.header") return headers[name.toLowerCase()]
  if (kind === "request.querystring") return query.get(name) ?? undefined
  return kind === "stageVariables" ? api.stages.get(stage)?.[name] : undefined
}
