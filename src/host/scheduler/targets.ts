import { z } from "zod"
import { readInput } from "../events/input.ts"
import { AwsError, type BusEntry, type Host, type Json, type JsonObject, type Principal } from "../host.ts"
import type { ScheduleTarget } from "./scheduleTarget.ts"

const universal = "arn:aws:scheduler:::aws-sdk:"
const LambdaInvoke = z.object({
  FunctionName: z.string(),
  InvocationType: z.string().optional(),
  Payload: z.union([z.string(), z.json()]).optional(),
})
const SqsSendMessage = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string(),
  MessageGroupId: z.string().optional(),
})
const PutEvents = z.object({
  Entries: z.array(
    z.object({
      Source: z.string().optional(),
      DetailType: z.string().optional(),
      Detail: z.string().optional(),
      EventBusName: z.string().optional(),
    }),
  ),
})

const StartExecution = z.object({
  StateMachineArn: z.string(),
  Input: z.string().optional(),
  Name: z.string().optional(),
})

type Deliver = (host: Host, role: Principal, target: ScheduleTarget, input: string, messageId: string) => Promise<void>

/** Does the host deliver to this target? */
export function isTargetArn(arn: string): boolean {
  return deliveryTo(arn) !== undefined
}

/** Gives a due schedule's input to its target, as the target's role. Throws what the target answers. */
export async function invokeTarget(
  host: Host,
  target: ScheduleTarget,
  input: string,
  messageId: string,
): Promise<void> {
  const deliver = deliveryTo(target.Arn)
  if (!deliver) throw new AwsError("ResourceNotFoundException", `${target.Arn} is no target of the local host.`)
  const roleName = target.RoleArn.split("/").at(-1) ?? target.RoleArn
  const role: Principal = { kind: "role", arn: target.RoleArn, roleName, sessionName: "scheduler" }
  await deliver(host, role, target, input, messageId)
}

function deliveryTo(arn: string): Deliver | undefined {
  if (arn.startsWith(universal)) return universalTargets[arn.slice(universal.length)]
  const [, , service, , , resource = ""] = arn.split(":")
  if (service === "events" && resource.startsWith("event-bus/")) return toBus
  if (service === "states" && resource === "stateMachine") return toStateMachine
  return service === "lambda" ? toLambda : service === "sqs" ? toQueue : undefined
}

const toLambda: Deliver = async (host, role, target, input, messageId) => {
  await host.lambda.invokeAsync(target.Arn, parsed(input), { principal: role, messageId })
}

const toQueue: Deliver = (host, role, target, input) =>
  sendMessage(host, role, target.Arn, input, target.SqsParameters?.MessageGroupId)

const toBus: Deliver = (host, role, target, input) => {
  const { Source = "", DetailType = "" } = target.EventBridgeParameters ?? {}
  return putEvents(host, role, [{ source: Source, detailType: DetailType, detail: input, bus: target.Arn }])
}

const toStateMachine: Deliver = (host, role, target, input) =>
  host.stateMachines.startExecution(target.Arn, input, role)

const universalTargets: Record<string, Deliver> = {
  "lambda:invoke": async (host, role, _target, input, messageId) => {
    const { FunctionName, InvocationType, Payload = {} } = readInput(LambdaInvoke, parsedObject(input))
    const isArn = FunctionName.startsWith("arn:")
    const arn = isArn ? FunctionName : `arn:aws:lambda:${host.region}:${host.accountId}:function:${FunctionName}`
    const payload: Json = typeof Payload === "string" ? parsed(Payload) : Payload
    const by = { principal: role, messageId }
    if (InvocationType === "Event") await host.lambda.invokeAsync(arn, payload, by)
    else await host.lambda.invoke(arn, payload, by)
  },
  "sqs:sendMessage": (host, role, _target, input) => {
    const { QueueUrl, MessageBody, MessageGroupId } = readInput(SqsSendMessage, parsedObject(input))
    const arn = `arn:aws:sqs:${host.region}:${host.accountId}:${QueueUrl.split("/").at(-1)}`
    return sendMessage(host, role, arn, MessageBody, MessageGroupId)
  },
  "sfn:startExecution": (host, role, _target, input) => {
    const { StateMachineArn, Input = "{}", Name } = readInput(StartExecution, parsedObject(input))
    return host.stateMachines.startExecution(StateMachineArn, Input, role, Name)
  },
  "eventbridge:putEvents": (host, role, _target, input) => {
    const { Entries } = readInput(PutEvents, parsedObject(input))
    const entries = Entries.map(({ Source, DetailType, Detail, EventBusName }) => ({
      source: Source ?? "",
      detailType: DetailType ?? "",
      detail: Detail ?? "",
      bus: EventBusName ?? "default",
    }))
    return putEvents(host, role, entries)
  },
}

function sendMessage(host: Host, role: Principal, queueArn: string, body: string, groupId?: string): Promise<void> {
  host.iam.authorize(role, "sqs:SendMessage", queueArn)
  return host.queues.send(queueArn, body, undefined, undefined, groupId)
}

async function putEvents(host: Host, role: Principal, entries: readonly BusEntry[]): Promise<void> {
  for (const { bus = "default" } of entries) {
    const arn = bus.startsWith("arn:") ? bus : `arn:aws:events:${host.region}:${host.accountId}:event-bus/${bus}`
    host.iam.authorize(role, "events:PutEvents", arn)
  }
  for (const result of await host.buses.put(entries)) {
    if ("ErrorCode" in result) throw new AwsError(result.ErrorCode, result.ErrorMessage)
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function parsedObject(text: string): JsonObject {
  const value = parsed(text)
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value
  throw new AwsError("ValidationException", "The Input of a universal target must be a JSON object.")
}
