import { atJsonPath } from "../events/jsonPath.ts"
import { fillTemplate } from "../events/targetInput.ts"
import { AwsError, type Host, type Json, type JsonObject } from "../host.ts"
import { listOf, objectOf } from "../json.ts"
import { rolePrincipal } from "../lambda/function.ts"
import type { RunBatch } from "../lambda/run.ts"
import type { Pipe } from "./pipe.ts"

/** Takes a batch of a pipe's source through its enrichment to its target, as the pipe's role. What fails fails the batch. */
export function createDelivery(host: Host, pipe: Pipe): RunBatch {
  const principal = rolePrincipal(pipe)

  const call = async (arn: string, batch: readonly Json[]): Promise<Json> => {
    if (arn.split(":")[2] === "states")
      return host.stateMachines.startSyncExecution(arn, JSON.stringify(batch), principal)
    const { payload, functionError } = await host.lambda.invoke(arn, [...batch], { principal })
    if (functionError === undefined) return payload
    throw new AwsError("FunctionFailed", String(objectOf(payload).errorMessage ?? "the function failed"))
  }

  const enriched = async (records: readonly Json[]): Promise<readonly Json[]> => {
    if (pipe.enrichment === undefined) return records
    return listOf(await call(pipe.enrichment, shaped(pipe, pipe.enrichmentTemplate, records)))
  }

  const send = async (item: Json): Promise<void> => {
    const { target, targetParameters } = pipe
    const service = target.split(":")[2]
    const body = typeof item === "string" ? item : JSON.stringify(item)
    if (service === "sqs") {
      host.iam.authorize(principal, "sqs:SendMessage", target)
      const { MessageGroupId } = targetParameters.SqsQueueParameters ?? {}
      await host.queues.send(target, body, undefined, undefined, valueAt(item, MessageGroupId))
    } else if (service === "sns") {
      host.iam.authorize(principal, "sns:Publish", target)
      await host.topics.publish(target, body, { service: "pipes.amazonaws.com", sourceArn: pipe.arn })
    } else if (service === "events") {
      host.iam.authorize(principal, "events:PutEvents", target)
      const { Source, DetailType, Resources } = targetParameters.EventBridgeEventBusParameters ?? {}
      const [result] = await host.buses.put([
        {
          source: valueAt(item, Source) ?? `Pipe ${pipe.name}`,
          detailType: valueAt(item, DetailType) ?? `Event from aws:${pipe.mapping.source}`,
          detail: JSON.stringify(item),
          bus: target,
          ...(Resources !== undefined && { resources: Resources }),
        },
      ])
      if (result !== undefined && "ErrorCode" in result) throw new AwsError(result.ErrorCode, result.ErrorMessage)
    } else host.log.info(target.split(":")[6] ?? target, body)
  }

  return async ({ event }) => {
    try {
      const records = listOf(objectOf(JSON.parse(event)).Records)
      const batch = shaped(pipe, pipe.targetParameters.InputTemplate, await enriched(records))
      if (batch.length === 0) return { result: "null" }
      const service = pipe.target.split(":")[2]
      const { LambdaFunctionParameters, StepFunctionStateMachineParameters } = pipe.targetParameters
      const parameters = service === "states" ? StepFunctionStateMachineParameters : LambdaFunctionParameters
      if (service !== "lambda" && service !== "states") for (const item of batch) await send(item)
      else if (parameters?.InvocationType !== "FIRE_AND_FORGET")
        return { result: JSON.stringify(await call(pipe.target, batch)) }
      else if (service === "lambda") await host.lambda.invokeAsync(pipe.target, [...batch], { principal })
      else await host.stateMachines.startExecution(pipe.target, JSON.stringify(batch), principal)
      return { result: "null" }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      host.log.warn("pipes", `${pipe.name}: ${error.message}`)
      return { error: { errorType: error.code, errorMessage: error.message, trace: [] } }
    }
  }
}

/** A parameter's text, or what its path finds in the item. */
function valueAt(item: Json, parameter: string | undefined): string | undefined {
  if (!parameter?.startsWith("$.")) return parameter
  const value = atJsonPath(withParsedBody(item), parameter)
  return value === undefined ? undefined : String(value)
}

/** Each item by the template, as JSON where it is JSON; without a template the items themselves. */
function shaped(pipe: Pipe, template: string | undefined, items: readonly Json[]): readonly Json[] {
  return template === undefined || template === "" ? items : items.map(item => filled(pipe, template, item))
}

function filled(pipe: Pipe, template: string, item: Json): Json {
  const looked = withParsedBody(item)
  const reserved: JsonObject = {
    "aws.pipes.pipe-arn": pipe.arn,
    "aws.pipes.pipe-name": pipe.name,
    "aws.pipes.source-arn": pipe.mapping.sourceArn,
    "aws.pipes.enrichment-arn": pipe.enrichment ?? "",
    "aws.pipes.target-arn": pipe.target,
    "aws.pipes.event": item,
    "aws.pipes.event.json": looked,
  }
  const text = fillTemplate(template, "(?:\\$[^>]*|aws\\.pipes\\.[\\w.-]+)", name => {
    if (name.startsWith("$")) return { value: atJsonPath(looked, name) }
    return Object.hasOwn(reserved, name) ? { value: reserved[name] } : undefined
  })
  return parsed(text) ?? text
}

/** Paths look into a message's body when it is JSON [Pipes: implicit body data parsing]. */
function withParsedBody(item: Json): Json {
  const { body } = objectOf(item)
  const inside = typeof body === "string" ? parsed(body) : undefined
  return inside === undefined ? item : { ...objectOf(item), body: inside }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
