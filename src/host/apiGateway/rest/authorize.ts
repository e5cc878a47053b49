import { AwsError, type Host, type JsonObject, type Principal } from "../../host.ts"
import { isSigned } from "../../iam/signature.ts"
import { methodArn } from "./context.ts"
import { createFunctionAuthorizer } from "./functionAuthorizer.ts"
import { identityOf } from "./identitySources.ts"
import { Refused, refusals } from "./refusals.ts"
import type { RestAuthorizer } from "./registry.ts"
import type { RoutedRequest } from "./request.ts"

/** Checks requests as their methods say, and adds what is found out of the caller. Throws Refused. */
export function createAuthorize(host: Host) {
  const byFunction = createFunctionAuthorizer(host)

  return async (request: RoutedRequest): Promise<RoutedRequest> => {
    const { authorization, authorizerId } = request.restMethod
    if (authorization === "NONE") return request
    if (authorization === "AWS_IAM") return admitSigner(host, request)
    const authorizer = request.api.authorizers.get(authorizerId ?? "")
    if (authorizer === undefined) throw refusals.authorizerFails("the method's authorizer is not there")
    return authorizer.type === "COGNITO_USER_POOLS"
      ? admitUser(host, request, authorizer)
      : byFunction(request, authorizer)
  }
}

/** Without scopes an id token, with scopes an access token that has one of them. */
async function admitUser(
  host: Host,
  request: RoutedRequest,
  authorizer: Extract<RestAuthorizer, { type: "COGNITO_USER_POOLS" }>,
): Promise<RoutedRequest> {
  const { scopes } = request.restMethod
  const [given] = identityOf(host, request, authorizer)
  const verified = await host.userPools.verify((given ?? "").replace(/^Bearer /i, "")).catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error
    throw /expired/.test(error.message) ? refusals.expired() : refusals.unauthorized()
  })
  if (verified === undefined || !authorizer.poolIds.includes(verified.poolId)) throw refusals.unauthorized()
  const { claims } = verified
  if (claims.token_use !== (scopes.length === 0 ? "id" : "access")) throw refusals.unauthorized()
  const granted = String(claims.scope ?? "").split(" ")
  if (scopes.length > 0 && !scopes.some(scope => granted.includes(scope))) throw refusals.denied(false)
  const texts = Object.entries(claims).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(",") : typeof value === "object" ? JSON.stringify(value) : String(value),
  ])
  return { ...request, authorizer: { claims: Object.fromEntries(texts) } }
}

async function admitSigner(host: Host, request: RoutedRequest): Promise<RoutedRequest> {
  const { sent, method, body } = request
  if (!isSigned(sent.headers, sent.query)) throw refusals.unknownMethod()
  try {
    const principal = await host.iam.verify({ ...sent, method, body })
    host.iam.authorize(principal, "execute-api:Invoke", methodArn(host, request, request.path))
    return { ...request, identity: signerOf(host, principal) }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const kind = error.code === "AccessDeniedException" ? "ACCESS_DENIED" : "INVALID_SIGNATURE"
    throw new Refused(kind, error.message, { errorType: error.code })
  }
}

function signerOf(host: Host, principal: Principal): JsonObject {
  if (principal.kind === "anonymous") return {}
  const accountId = host.accountId
  if (principal.kind === "root") return { accountId, userArn: principal.arn, user: accountId, caller: accountId }
  const user = `${principal.roleName}:${principal.sessionName}`
  const ofPool = (name: string): string | null => {
    const value = principal.context?.[`cognito-identity.amazonaws.com:${name}`]
    return value === undefined ? null : [value].flat().join(",")
  }
  return {
    accountId,
    userArn: principal.arn,
    user,
    caller: user,
    cognitoIdentityId: ofPool("sub"),
    cognitoIdentityPoolId: ofPool("aud"),
    cognitoAuthenticationType: ofPool("amr")?.split(",")[0] ?? null,
    cognitoAuthenticationProvider: ofPool("amr"),
  }
}
