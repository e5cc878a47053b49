import type { DurableMap } from "../durable.ts"
import { jsonOperations } from "../endpoint/operations.ts"
import { type AwsCall, AwsError, type AwsReply, type Host, type StateMachineCalls } from "../host.ts"
import { allStates, readDefinition } from "./check.ts"
import type { Execution } from "./execution.ts"
import { createExecutions, type Executions } from "./executions.ts"
import { createHistories, type HistoryEvent } from "./history.ts"
import { createCalls } from "./integrations/calls.ts"
import { createSdkClients } from "./integrations/sdkClients.ts"
import { stateMachineOperations } from "./operations.ts"
import { createStateMachines } from "./registry.ts"
import { createStarting, type Starting } from "./starting.ts"
import type { StateMachine } from "./stateMachine.ts"
import { taskOperations } from "./taskOperations.ts"
import { createTaskTokens } from "./tokens.ts"

/** What outlives the host. */
export interface Kept {
  readonly executions: DurableMap<Execution>
  readonly history: DurableMap<HistoryEvent>
}

/** State machines at work. */
export interface Room extends StateMachineCalls {
  /** Throws an Error with the problems of its definition; names what of it this host has not. */
  addStateMachine(machine: Omit<StateMachine, "definition">, logicalId: string): Promise<void>
  /** Makes the ARN of a version or an alias name its state machine. */
  addQualified(arn: string): void
  handle(call: AwsCall): Promise<AwsReply>
  /** Goes on with what an earlier run of the host left. */
  resume(): void
  stop(): void
}

export function createRoom(host: Host, kept: Kept): Room {
  const histories = createHistories(host, kept.history)
  const machines = createStateMachines()
  const tokens = createTaskTokens()
  const clients = createSdkClients(host)
  const callOf = createCalls(clients, {
    start: (by, input) => starting.start(by, input),
    ended: (arn, signal) => executions.ended(arn, signal),
    stop: arn => executions.abort(arn, undefined, undefined),
  })
  const executions: Executions = createExecutions(host, kept.executions, histories, { tokens, callOf })
  const starting: Starting = createStarting(host, machines, executions)

  return {
    addStateMachine: async (machine, logicalId) => {
      const definition = readDefinition(machine.text, machine.type)
      for (const [place, state] of allStates(definition)) {
        const note = (what: string) => host.log.warn("stepFunctions", `${logicalId}${place}: ${what}`)
        const lack = (what: string) => note(`this host has no ${what}, so the state fails`)
        if (state.Credentials !== undefined) note("Credentials have no effect: its role is the state machine's")
        if (state.Type === "Task" && (await callOf(state.Resource ?? "")) === undefined) lack(`task ${state.Resource}`)
        if (state.ItemReader !== undefined) lack("ItemReader")
        if (state.ResultWriter !== undefined) lack("ResultWriter")
      }
      machines.add({ ...machine, definition })
    },
    addQualified: machines.addQualified,

    handle: jsonOperations({
      ...stateMachineOperations(host, { machines, executions, histories, starting }),
      ...taskOperations(host, tokens, executions),
    }),

    startExecution: async (stateMachineArn, input, by, name) => {
      starting.start(by, { stateMachineArn, input, ...(name !== undefined && { name }) })
    },
    startSyncExecution: async (stateMachineArn, input, by) => {
      const { status, output = "null", error, cause } = await starting.startSync(by, { stateMachineArn, input })
      if (status === "SUCCEEDED") return JSON.parse(output)
      throw new AwsError(error ?? status, cause ?? `the execution ended ${status}`)
    },

    resume: () => executions.resume(arn => machines.all.get(arn)),
    stop: () => {
      executions.stop()
      clients.stop()
    },
  }
}
