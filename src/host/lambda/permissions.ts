import { AwsError, type Host, type InvokedBy, type JsonObject } from "../host.ts"
import type { DeployedFunction } from "./functions.ts"

const action = "lambda:InvokeFunction"

/** Throws AwsError AccessDeniedException unless the function's resource policy, or the caller's identity policy, allows the invocation. */
export function checkMayInvoke(host: Host, deployed: DeployedFunction, arn: string, by: InvokedBy): void {
  const { service, sourceArn, principal } = by
  if (service === undefined && principal === undefined) return
  const who = {
    ...(service !== undefined && { service }),
    ...(sourceArn !== undefined && { sourceArn }),
    ...(principal !== undefined && { principal }),
  }
  if (host.iam.allowsByResourcePolicy(policyOf(deployed), who, action, arn)) return
  if (principal !== undefined) {
    host.iam.authorize(principal, action, arn)
    return
  }
  const message = `User: ${service} is not authorized to perform: ${action} on resource: ${arn} because no resource-based policy allows the ${action} action`
  throw new AwsError("AccessDeniedException", message, 403)
}

/** The function's resource policy as `GetPolicy` shows it. */
export function policyOf(deployed: DeployedFunction): JsonObject {
  return { Version: "2012-10-17", Id: "default", Statement: [...deployed.policy.values()] }
}

/** What an `AWS::Lambda::Permission` says. */
export interface Permission {
  readonly sid: string
  readonly principal: string
  readonly action: string
  readonly arn: string
  readonly sourceArn: string | undefined
  readonly sourceAccount: string | undefined
  readonly functionUrlAuthType: string | undefined
  readonly invokedViaFunctionUrl: boolean | undefined
}

/** The statement that Lambda makes of a permission. */
export function permissionStatement(permission: Permission): JsonObject {
  const { sid, principal, action, arn, sourceArn, sourceAccount, functionUrlAuthType: authType } = permission
  const equal = {
    ...(sourceAccount !== undefined && { "aws:SourceAccount": sourceAccount }),
    ...(authType !== undefined && { "lambda:FunctionUrlAuthType": authType }),
  }
  const condition: JsonObject = {
    ...(Object.keys(equal).length > 0 && { StringEquals: equal }),
    ...(permission.invokedViaFunctionUrl === true && { Bool: { "lambda:InvokedViaFunctionUrl": "true" } }),
    ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
  }
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: principalOf(principal),
    Action: action,
    Resource: arn,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  }
}

function principalOf(principal: string): string | JsonObject {
  if (principal === "*") return "*"
  if (principal.endsWith(".amazonaws.com")) return { Service: principal }
  return { AWS: /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal }
}
