import { AwsError, type Host, type Principal } from "../host.ts"
import type { Queue } from "./queue.ts"
import { jsonAttribute } from "./settings.ts"

/** Within an account a caller needs the identity policy or the queue's policy. Throws AwsError AccessDeniedException. */
export function authorizeCaller(host: Host, principal: Principal, action: string, queue: Queue): void {
  const policy = jsonAttribute(queue.attributes, "Policy")
  const isAllowed = host.iam.allowsByResourcePolicy(policy, { principal }, action, queue.arn)
  try {
    host.iam.authorize(principal, action, queue.arn)
  } catch (error) {
    if (!isAllowed || (error instanceof AwsError && error.message.includes("explicit deny"))) throw error
  }
}

/** An AWS service sends only where the queue's policy lets it. Throws AwsError AccessDenied. */
export function authorizeService(host: Host, by: { service: string; sourceArn: string }, queue: Queue): void {
  if (host.iam.allowsByResourcePolicy(jsonAttribute(queue.attributes, "Policy"), by, "sqs:SendMessage", queue.arn))
    return
  throw new AwsError(
    "AccessDenied",
    `The policy of ${queue.arn} does not let ${by.service} (${by.sourceArn}) send messages`,
    403,
  )
}
