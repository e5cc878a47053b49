import { createHash } from "node:crypto"
import { AwsError, type Host, type JsonObject, type Principal } from "../../host.ts"
import type { AuthAttempt } from "./attempt.ts"
import { type Caller, Unauthorized } from "./caller.ts"

/** The signer of a SigV4 request. Throws Unauthorized with IAM's own code, message and status for a wrong signature. */
export async function authenticateIam(host: Host, attempt: AuthAttempt): Promise<Caller> {
  const principal = await host.iam.verify({ ...attempt.signed, headers: attempt.headers }).catch((error: unknown) => {
    if (error instanceof AwsError) throw new Unauthorized(error.message, error.code, error.status)
    throw error
  })
  if (principal.kind === "anonymous")
    throw new Unauthorized("Missing Authentication Token", "UnauthorizedException", 403)
  return {
    mode: "AWS_IAM",
    principal,
    groups: [],
    identity: {
      accountId: host.accountId,
      ...cognitoIdentityOf(principal),
      sourceIp: [...attempt.sourceIp],
      username: userNameOf(principal, host.accountId),
      userArn: principal.arn,
    },
  }
}

/** What an identity pool says of the caller; all null for a signer that did not come through one. */
function cognitoIdentityOf(principal: Principal): JsonObject {
  const context = (principal.kind === "role" && principal.context) || {}
  const [authType = null, ...providers] = [context["cognito-identity.amazonaws.com:amr"] ?? []].flat()
  const one = (key: string) => [context[`cognito-identity.amazonaws.com:${key}`] ?? []].flat()[0] ?? null
  return {
    cognitoIdentityPoolId: one("aud"),
    cognitoIdentityId: one("sub"),
    cognitoIdentityAuthType: authType,
    cognitoIdentityAuthProvider: providers.length === 0 ? null : providers.map(name => JSON.stringify(name)).join(","),
  }
}

/** A role's caller is named `<role id>:<session>`, as `aws:userid` is. */
function userNameOf(principal: Exclude<Principal, { kind: "anonymous" }>, accountId: string): string {
  if (principal.kind === "root") return accountId
  const roleId = createHash("sha256").update(principal.roleName).digest("hex").slice(0, 17).toUpperCase()
  return `AROA${roleId}:${principal.sessionName}`
}
