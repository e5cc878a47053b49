import { AwsError, type Host, type Iam, type Principal, type Service } from "../host.ts"
import { requestContext } from "./conditions.ts"
import { readSession, roleCredentials } from "./credentials.ts"
import { evaluate, type Statement } from "./policy.ts"
import { resourcePolicyEffect } from "./resourcePolicy.ts"
import { createRoles } from "./roles.ts"
import { checkSignature, readSignature } from "./signature.ts"

/** An Allow of a role that no call has needed yet; `actions` are the patterns of it that nothing used. */
export interface UnusedStatement {
  readonly roleName: string
  readonly policyName: string
  readonly sid: string | undefined
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

/** Roles with their policies, and who may do what. */
export interface IamService extends Service, Iam {
  /** What roles may do and have not done since the start, policies of AWS's own left out. */
  unusedStatements(): UnusedStatement[]
}

/**
 * The identity service. Who signs with temporary credentials is their role, and the signature must be right. Any other access
 * key id (`local`, `test`, or a person's own) is the account's administrator, whatever its secret: there is nothing to protect
 * from the person whose laptop it is.
 */
export function createIamService(host: Host): IamService {
  const roles = createRoles(host)
  const used = new Map<Statement, Set<string>>()
  const root: Principal = { kind: "root", arn: `arn:aws:iam::${host.accountId}:root` }
  const complained = new Set<string>()

  const deny = (principal: Principal, action: string, resource: string, explicit: boolean): AwsError => {
    const reason = explicit
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`
    const line = explicit
      ? `a Deny of ${nameOf(principal)} refuses ${action} on ${resource}`
      : `${nameOf(principal)} lacks the statement: Allow ${action} on ${resource}`
    if (!complained.has(line)) host.log.warn("iam", line)
    complained.add(line)
    return accessDenied(arnOf(principal), action, resource, reason)
  }

  return {
    name: "iam",
    signingNames: [],
    resources: roles.resources,

    authorize: (principal, action, resourceArn, context = {}) => {
      if (principal.kind === "root") return
      if (principal.kind === "anonymous") throw deny(principal, action, resourceArn, false)
      const decision = evaluate(roles.statements(principal.roleName), {
        action,
        resource: resourceArn,
        context: requestContext({
          "aws:PrincipalArn": roles.arnOf(principal.roleName),
          "aws:PrincipalAccount": host.accountId,
          "aws:RequestedRegion": host.region,
          "aws:CurrentTime": new Date(host.clock.now()).toISOString(),
          "aws:SecureTransport": "true",
          "aws:SourceIp": "127.0.0.1",
          "aws:userid": principal.sessionName,
          ...principal.context,
          ...context,
        }),
      })
      if (decision.effect !== "Allow") throw deny(principal, action, resourceArn, decision.effect === "Deny")
      const patterns = used.get(decision.statement) ?? new Set()
      used.set(decision.statement, patterns.add(decision.pattern))
    },

    credentialsFor: roleCredentials,

    verify: async request => {
      const signature = readSignature(request)
      if (!signature.accessKeyId.startsWith("ASIA")) return root
      const session = readSession(signature.accessKeyId, signature.sessionToken)
      checkSignature(request, signature, session.secretAccessKey)
      const roleName = session.roleArn.slice(session.roleArn.lastIndexOf("/") + 1)
      const arn = `arn:aws:sts::${host.accountId}:assumed-role/${roleName}/${session.sessionName}`
      return { kind: "role", arn, roleName, sessionName: session.sessionName, context: session.context }
    },

    allowsByResourcePolicy: (policy, who, action, resourceArn, context) => {
      const roleArn = who.principal?.kind === "role" ? roles.arnOf(who.principal.roleName) : undefined
      const caller = { ...who, ...(roleArn && { roleArn }) }
      const effect = resourcePolicyEffect(policy, caller, action, resourceArn, context)
      if (effect !== "Deny" || who.principal?.kind === "root") return effect === "Allow"
      const arn = who.principal === undefined ? who.service : arnOf(who.principal)
      const reason = "with an explicit deny in a resource-based policy"
      throw accessDenied(arn ?? "anonymous", action, resourceArn, reason)
    },

    unusedStatements: () =>
      roles.all().flatMap(({ roleName, policyName, statement }) => {
        const actions = statement.actions.filter(action => !used.get(statement)?.has(action))
        if (statement.effect === "Deny" || actions.length === 0) return []
        return { roleName, policyName, sid: statement.sid, actions, resources: statement.resources }
      }),
  }
}

const arnOf = (principal: Principal): string => (principal.kind === "anonymous" ? "anonymous" : principal.arn)

const accessDenied = (who: string, action: string, resource: string, reason: string): AwsError =>
  new AwsError(
    "AccessDeniedException",
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
  )

function nameOf(principal: Principal): string {
  return principal.kind === "role" ? `role ${principal.roleName}` : `the ${principal.kind} caller`
}
