import { AwsError, type Host, type JsonObject, type Principal } from "../host.ts"
import { textOf } from "../json.ts"
import type { Execution } from "./execution.ts"
import type { Executions } from "./executions.ts"
import type { StateMachines } from "./registry.ts"
import type { StateMachine } from "./stateMachine.ts"

const inputBytesMax = 262_144

/** Starts executions for callers of any kind. */
export interface Starting {
  /** As StartExecution. Throws AwsError AccessDeniedException | StateMachineDoesNotExist | InvalidExecutionInput | InvalidName | ExecutionAlreadyExists. */
  start(by: Principal, input: JsonObject): Execution
  /** As StartSyncExecution. Throws AwsError StateMachineTypeNotSupported too. */
  startSync(by: Principal, input: JsonObject): Promise<Execution>
}

export function createStarting(host: Host, machines: StateMachines, executions: Executions): Starting {
  const checked = (by: Principal, action: string, input: JsonObject) => {
    const arn = textOf(input.stateMachineArn) ?? ""
    host.iam.authorize(by, action, arn)
    const machine = machines.find(arn)
    const text = textOf(input.input) ?? "{}"
    checkInput(text)
    const name = textOf(input.name)
    if (name !== undefined && !/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u.test(name))
      throw new AwsError("InvalidName", `Invalid Name: '${name}'`)
    const qualifiedArn = arn === machine.arn ? undefined : arn
    return { machine, input: text, name, qualifiedArn, traceHeader: textOf(input.traceHeader) }
  }
  return {
    start: (by, input) => executions.start(checked(by, "states:StartExecution", input)),
    startSync: (by, input) => {
      const given = checked(by, "states:StartSyncExecution", input)
      refuseOtherThan("EXPRESS", given.machine)
      return executions.ended(executions.start(given).arn, new AbortController().signal)
    },
  }
}

/** Throws AwsError StateMachineTypeNotSupported. */
export function refuseOtherThan(type: StateMachine["type"], machine: StateMachine): void {
  if (machine.type === type) return
  throw new AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
}

function checkInput(text: string): void {
  if (Buffer.byteLength(text) > inputBytesMax)
    throw new AwsError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: 'larger than ${inputBytesMax} bytes'`,
    )
  try {
    JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AwsError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${reason}'`)
  }
}
