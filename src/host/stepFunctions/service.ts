import { jsonOperations } from "../endpoint/operations.ts"
import { AwsError, type Host, type Principal, type Service, type StateMachineCalls } from "../host.ts"
import type { Execution } from "./execution.ts"
import { createExecutions, type Executions } from "./executions.ts"
import { createHistories, type HistoryEvent } from "./history.ts"
import { createCalls } from "./integrations/calls.ts"
import { createSdkClients } from "./integrations/sdkClients.ts"
import { stateMachineOperations } from "./operations.ts"
import { createStateMachines } from "./registry.ts"
import { stateMachineResources } from "./resources.ts"
import { createStarting, type Starting } from "./starting.ts"
import { taskOperations } from "./taskOperations.ts"
import { createTaskTokens } from "./tokens.ts"

/** Step Functions: state machines of the template run here. A Standard execution that was started ends, also when the host is killed meanwhile. */
export function createStepFunctionsService(host: Host): Service & StateMachineCalls {
  const histories = createHistories(host, host.durable<HistoryEvent>("stepFunctions.history"))
  const machines = createStateMachines()
  const tokens = createTaskTokens()
  const clients = createSdkClients(host)
  const callOf = createCalls(clients, {
    start: (by, input) => starting.start(by, input),
    ended: (arn, signal) => executions.ended(arn, signal),
    stop: arn => executions.abort(arn, undefined, undefined),
  })
  const kept = host.durable<Execution>("stepFunctions.executions")
  const executions: Executions = createExecutions(host, kept, histories, { tokens, callOf })
  const starting: Starting = createStarting(host, machines, executions)

  return {
    name: "stepFunctions",
    signingNames: ["states"],
    handle: jsonOperations({
      ...stateMachineOperations(host, { machines, executions, histories, starting }),
      ...taskOperations(host, tokens, executions),
    }),
    resources: stateMachineResources(host, machines, callOf),

    startExecution: (stateMachineArn, input, by, name) => {
      const { arn } = starting.start(by, { stateMachineArn, input, ...(name !== undefined && { name }) })
      return arn
    },
    startSyncExecution: async (stateMachineArn, input, by: Principal) => {
      const { status, output = "null", error, cause } = await starting.startSync(by, { stateMachineArn, input })
      if (status === "SUCCEEDED") return JSON.parse(output)
      throw new AwsError(error ?? status, cause ?? `the execution ended ${status}`)
    },

    start: () => executions.resume(arn => machines.all.get(arn)),
    stop: async () => {
      executions.stop()
      clients.stop()
    },
  }
}
