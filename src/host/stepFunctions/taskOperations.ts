import { type JsonOperation, required } from "../endpoint/operations.ts"
import { AwsError, type Host, type Json, type JsonObject, type Principal } from "../host.ts"
import { textOf } from "../json.ts"
import type { Executions } from "./executions.ts"
import { StateFailure } from "./language/failure.ts"
import type { TaskTokens } from "./tokens.ts"

/** The calls that answer tasks by their token. */
export function taskOperations(host: Host, tokens: TaskTokens, executions: Executions): Record<string, JsonOperation> {
  /** Throws AwsError AccessDeniedException | InvalidToken | TaskDoesNotExist | TaskTimedOut. */
  const taskFor = (by: Principal, action: string, input: JsonObject) => {
    const token = required(input, "taskToken")
    const arn = tokens.executionOf(token)
    const execution = arn === undefined ? undefined : executions.find(arn)
    host.iam.authorize(by, action, execution?.machineArn ?? "*")
    if (arn === undefined) throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
    if (execution === undefined)
      throw new AwsError("TaskDoesNotExist", "Task does not exist: its execution is not known")
    return tokens.waiting(token)
  }

  return {
    SendTaskSuccess: (input, { principal }) => {
      const task = taskFor(principal, "states:SendTaskSuccess", input)
      task.succeed(outputOf(input))
      return {}
    },
    SendTaskFailure: (input, { principal }) => {
      const task = taskFor(principal, "states:SendTaskFailure", input)
      task.fail(new StateFailure(textOf(input.error) ?? "", textOf(input.cause) ?? ""))
      return {}
    },
    SendTaskHeartbeat: (input, { principal }) => {
      taskFor(principal, "states:SendTaskHeartbeat", input).beat()
      return {}
    },
  }
}

function outputOf(input: JsonObject): Json {
  const text = required(input, "output")
  try {
    return JSON.parse(text)
  } catch {
    throw new AwsError("InvalidOutput", `Invalid Output: '${text.slice(0, 100)}'`)
  }
}
