import { AwsError, type Host, type Json, type JsonObject, type Principal } from "../host.ts"
import type { Rule, Target } from "./rule.ts"
import { targetKind } from "./targetCheck.ts"
import { targetInput } from "./targetInput.ts"

/** An event on its way to one target of a rule. */
export interface Hand {
  readonly event: JsonObject
  readonly rule: Rule
  readonly target: Target
  readonly ingestedAt: number
  /** Names the message for fault plans further on. */
  readonly messageId: string
}

/** The ways to targets that EventBridge itself has. */
export interface Routes {
  forward(busArn: string, event: JsonObject): void
  callDestination(target: Target, body: string): Promise<void>
}

/** Gives an event to its target once; a Lambda function takes it onto its asynchronous queue. Throws what the target answers. */
export async function handOver(host: Host, hand: Hand, { forward, callDestination }: Routes) {
  const { event, rule, target, messageId } = hand
  const text = () => targetInput(target, rule, event, hand.ingestedAt)
  const by = { service: "events.amazonaws.com", sourceArn: rule.arn }
  const role = target.RoleArn === undefined ? undefined : rolePrincipal(target.RoleArn)
  switch (targetKind(target.Arn)) {
    case "lambda": {
      const payload = isShaped(target) ? parsed(text()) : event
      await host.lambda.invokeAsync(target.Arn, payload, role ? { principal: role, messageId } : { ...by, messageId })
      return
    }
    case "sqs":
      if (role) host.iam.authorize(role, "sqs:SendMessage", target.Arn)
      await host.queues.send(target.Arn, text(), undefined, role ? undefined : by, target.SqsParameters?.MessageGroupId)
      return
    case "sns":
      return host.topics.publish(target.Arn, text(), by)
    case "apiDestination":
      return callDestination(target, text())
    case "bus":
      if (role) host.iam.authorize(role, "events:PutEvents", target.Arn)
      return forward(target.Arn, event)
    case "appsync": {
      // Loaded when needed: the signer is heavy and few rules have such a target.
      const { callAppSync } = await import("./appsyncTarget.ts")
      return callAppSync(host, target, parsed(text()))
    }
    case "stateMachine":
      return host.stateMachines.startExecution(target.Arn, text(), rolePrincipal(target.RoleArn ?? ""))
    case "logs":
      return host.log.info(target.Arn.split(":")[6] ?? target.Arn, text())
    case undefined:
      throw new AwsError("ResourceNotFoundException", `${target.Arn} is no target of the local host.`)
  }
}

/** The principal that a role's session is. */
export function rolePrincipal(roleArn: string): Principal {
  return { kind: "role", arn: roleArn, roleName: roleArn.split("/").at(-1) ?? roleArn, sessionName: "events" }
}

function isShaped(target: Target): boolean {
  return target.Input !== undefined || target.InputPath !== undefined || target.InputTransformer !== undefined
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    if (/^\s*[[{"]/.test(text)) throw new AwsError("InvalidJson", `The transformed input is not valid JSON: ${text}`)
    return text
  }
}
