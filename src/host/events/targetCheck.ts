import { AwsError } from "../host.ts"
import { isJsonPath } from "./jsonPath.ts"
import type { Target } from "./rule.ts"
import { unknownPlaceholder } from "./targetInput.ts"

/** Which part of the host a target's ARN names. */
export type TargetKind = "lambda" | "sqs" | "sns" | "bus" | "appsync" | "logs" | "apiDestination" | "stateMachine"

/** Kind of a target; undefined when the host does not deliver to it. */
export function targetKind(arn: string): TargetKind | undefined {
  const [, , service, , , resource = ""] = arn.split(":")
  if (service === "lambda" || service === "sqs" || service === "sns" || service === "logs") return service
  if (service === "events" && resource.startsWith("event-bus/")) return "bus"
  if (service === "events" && resource.startsWith("api-destination/")) return "apiDestination"
  if (service === "appsync" && resource.startsWith("endpoints/graphql-api/")) return "appsync"
  if (service === "states" && resource === "stateMachine") return "stateMachine"
  return undefined
}

/** Refuses what AWS refuses in a target, and kinds of targets that the host cannot deliver to. */
export function checkTarget(target: Target): void {
  const kind = targetKind(target.Arn)
  if (!target.Arn.startsWith("arn:")) {
    throw invalid(`Parameter ${target.Arn} is not valid. Reason: Provided Arn is not in correct format.`)
  }
  if (!kind) {
    throw new AwsError(
      "ValidationException",
      `The local host does not deliver events to ${target.Arn} (target ${target.Id}); use a Lambda function, a queue, a topic, an event bus, a log group, an API destination, an AppSync API or a state machine.`,
    )
  }
  const given = [target.Input, target.InputPath, target.InputTransformer].filter(value => value !== undefined)
  if (given.length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`)
  }
  const reserved = Object.keys(target.InputTransformer?.InputPathsMap ?? {}).find(key => /^aws/i.test(key))
  if (reserved !== undefined)
    throw invalid(`InputPathsMap for target ${target.Id} contains the reserved key ${reserved}.`)
  for (const path of [target.InputPath ?? "$", ...Object.values(target.InputTransformer?.InputPathsMap ?? {})]) {
    if (!isJsonPath(path)) throw invalid(`Invalid InputPath for target ${target.Id}.`)
  }
  const placeholder = unknownPlaceholder(target)
  if (placeholder !== undefined) {
    throw invalid(`InputTemplate for target ${target.Id} contains invalid placeholder ${placeholder}.`)
  }
  if (target.Input !== undefined && !isJson(target.Input)) {
    throw invalid(`JSON syntax error in input for target ${target.Id}.`)
  }
  if ((kind === "bus" || kind === "appsync" || kind === "stateMachine") && target.RoleArn === undefined) {
    throw invalid(`RoleArn is required for target ${target.Arn}.`)
  }
  if (kind === "appsync" && target.AppSyncParameters?.GraphQLOperation === undefined) {
    throw invalid(`Parameter AppSyncParameters.GraphQLOperation is required for target ${target.Id}.`)
  }
  const deadLetters = target.DeadLetterConfig?.Arn
  if (deadLetters !== undefined && deadLetters.split(":")[2] !== "sqs") {
    throw invalid(`The dead-letter queue ${deadLetters} of target ${target.Id} is no queue.`)
  }
  if (deadLetters?.endsWith(".fifo")) {
    throw invalid(`The dead-letter queue ${deadLetters} of target ${target.Id} must be a standard queue.`)
  }
  if (kind === "sqs" && target.Arn.endsWith(".fifo") && !target.SqsParameters?.MessageGroupId) {
    throw invalid(`Parameter(s) MessageGroupId must be specified for target: ${target.Id}.`)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message)
}
