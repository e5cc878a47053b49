import { type JsonOperation, required } from "../endpoint/operations.ts"
import { AwsError, type Host, type Json, type JsonObject, type Principal } from "../host.ts"
import { textOf } from "../json.ts"
import { readDefinition } from "./check.ts"
import type { Execution } from "./execution.ts"
import type { Executions } from "./executions.ts"
import type { Histories, HistoryEvent } from "./history.ts"
import { invalidArn, type StateMachines } from "./registry.ts"
import { refuseOtherThan, type Starting } from "./starting.ts"
import type { StateMachine } from "./stateMachine.ts"

interface Parts {
  readonly machines: StateMachines
  readonly executions: Executions
  readonly histories: Histories
  readonly starting: Starting
}

/** The calls about state machines and their executions, by name. */
export function stateMachineOperations(host: Host, parts: Parts): Record<string, JsonOperation> {
  const { machines, executions, histories, starting } = parts

  const machineFor = (by: Principal, action: string, arn: string): StateMachine => {
    host.iam.authorize(by, action, arn)
    return machines.find(arn)
  }

  const executionFor = (by: Principal, action: string, input: JsonObject): Execution => {
    const arn = required(input, "executionArn")
    host.iam.authorize(by, action, arn)
    if (/:express:/.test(arn)) throw typeNotSupported()
    if (!/^arn:[^:]+:states:[^:]*:\d{12}:execution:[^:]+:[^:]+$/.test(arn)) throw invalidArn(arn)
    const execution = executions.find(arn)
    if (execution === undefined) throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`)
    return execution
  }

  return {
    StartExecution: (input, { principal }) => {
      const { arn, startedAt } = starting.start(principal, input)
      return { executionArn: arn, startDate: seconds(startedAt) }
    },

    StartSyncExecution: async (input, { principal }) => {
      const execution = await starting.startSync(principal, input)
      const { machineArn, startedAt, stoppedAt = startedAt } = execution
      const ms = Math.max(0, stoppedAt - startedAt)
      return {
        ...describe(execution),
        stateMachineArn: machineArn,
        billingDetails: { billedDurationInMilliseconds: Math.ceil(ms / 100) * 100, billedMemoryUsedInMB: 64 },
      }
    },

    StopExecution: (input, { principal }) => {
      const { arn } = executionFor(principal, "states:StopExecution", input)
      executions.abort(arn, textOf(input.error), textOf(input.cause))
      return { stopDate: seconds(executions.find(arn)?.stoppedAt ?? host.clock.now()) }
    },

    DescribeExecution: (input, { principal }) => {
      const execution = executionFor(principal, "states:DescribeExecution", input)
      return { ...describe(execution), redriveCount: 0, redriveStatus: "NOT_REDRIVABLE" }
    },

    DescribeStateMachine: (input, { principal }) => {
      const arn = required(input, "stateMachineArn")
      const machine = machineFor(principal, "states:DescribeStateMachine", arn)
      return {
        ...describeMachine(machine),
        status: "ACTIVE",
        creationDate: seconds(machine.createdAt),
        type: machine.type,
      }
    },

    DescribeStateMachineForExecution: (input, { principal }) => {
      const { machineArn } = executionFor(principal, "states:DescribeStateMachineForExecution", input)
      const machine = machines.find(machineArn)
      return { ...describeMachine(machine), updateDate: seconds(machine.createdAt) }
    },

    ListStateMachines: (input, { principal }) => {
      host.iam.authorize(principal, "states:ListStateMachines", "*")
      const listed = [...machines.all.values()].map(({ arn, name, type, createdAt }) => ({
        stateMachineArn: arn,
        name,
        type,
        creationDate: seconds(createdAt),
      }))
      return page("stateMachines", listed, input, 100)
    },

    ListExecutions: (input, { principal }) => {
      const arn = required(input, "stateMachineArn")
      const machine = machineFor(principal, "states:ListExecutions", arn)
      refuseOtherThan("STANDARD", machine)
      const wanted = textOf(input.statusFilter)
      const listed = executions
        .of(machine.arn)
        .filter(({ status }) => wanted === undefined || status === wanted)
        .map(({ arn, name, machineArn, status, startedAt, stoppedAt }) => ({
          executionArn: arn,
          stateMachineArn: machineArn,
          name,
          status,
          startDate: seconds(startedAt),
          ...(stoppedAt !== undefined && { stopDate: seconds(stoppedAt) }),
          redriveCount: 0,
        }))
      return page("executions", listed, input, 100)
    },

    GetExecutionHistory: (input, { principal }) => {
      const { arn } = executionFor(principal, "states:GetExecutionHistory", input)
      const events = histories.of(arn).map(event => shownEvent(event, input.includeExecutionData !== false))
      return page("events", input.reverseOrder === true ? events.reverse() : events, input, 100)
    },

    ValidateStateMachineDefinition: (input, { principal }) => {
      host.iam.authorize(principal, "states:ValidateStateMachineDefinition", "*")
      try {
        readDefinition(required(input, "definition"), input.type === "EXPRESS" ? "EXPRESS" : "STANDARD")
        return { result: "OK", diagnostics: [], truncated: false }
      } catch (error) {
        if (error instanceof AwsError) throw error
        const message = error instanceof Error ? error.message : String(error)
        const code = /'(\w+):/.exec(message)?.[1] ?? "SCHEMA_VALIDATION_FAILED"
        return { result: "FAIL", diagnostics: [{ severity: "ERROR", code, message }], truncated: false }
      }
    },
  }
}

const typeNotSupported = () =>
  new AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")

const seconds = (ms: number) => ms / 1_000

function describe(execution: Execution): JsonObject {
  const { arn, name, machineArn, status, input, output, error, cause, startedAt, stoppedAt, traceHeader } = execution
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: seconds(startedAt),
    ...(stoppedAt !== undefined && { stopDate: seconds(stoppedAt) }),
    input,
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(traceHeader !== undefined && { traceHeader }),
  }
}

const describeMachine = ({ arn, name, text, roleArn, revisionId }: StateMachine): JsonObject => ({
  stateMachineArn: arn,
  name,
  definition: text,
  roleArn,
  loggingConfiguration: { level: "OFF", includeExecutionData: false },
  tracingConfiguration: { enabled: false },
  revisionId,
})

function shownEvent({ id, previousEventId, timestamp, type, details }: HistoryEvent, withData: boolean): JsonObject {
  const member = detailsMember(type)
  const shown = withData ? details : without(details, ["input", "output", "parameters"])
  const hasDetails = member !== undefined && Object.keys(details).length > 0
  return { timestamp: seconds(timestamp), type, id, previousEventId, ...(hasDetails && { [member]: shown }) }
}

const without = (details: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(details).filter(([name]) => !names.includes(name)))

/** `PassStateEntered` → `stateEnteredEventDetails`. */
function detailsMember(type: string): string {
  const [, change] = /State(Entered|Exited)$/.exec(type) ?? []
  if (change !== undefined) return `state${change}EventDetails`
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`
}

const pageMax = 1_000

/** Part of a list, with a token for the rest. Throws AwsError InvalidToken. */
function page(name: string, all: readonly Json[], { maxResults, nextToken }: JsonObject, usual: number): JsonObject {
  const wanted = typeof maxResults === "number" && maxResults > 0 ? Math.min(maxResults, pageMax) : usual
  const from = nextToken === undefined ? 0 : Number(Buffer.from(String(nextToken), "base64url").toString())
  if (!Number.isInteger(from) || from < 0) throw new AwsError("InvalidToken", `Invalid Token: '${nextToken}'`)
  const to = from + wanted
  const rest = to < all.length ? { nextToken: Buffer.from(String(to)).toString("base64url") } : {}
  return { [name]: all.slice(from, to), ...rest }
}
