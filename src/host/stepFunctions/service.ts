import type { Host, Service, StateMachineCalls } from "../host.ts"
import type { Execution } from "./execution.ts"
import type { HistoryEvent } from "./history.ts"
import { stateMachineResources } from "./resources.ts"
import type { Room } from "./room.ts"

/**
 * Step Functions: state machines of the template run here. A Standard execution that was started ends, also when the host is
 * killed meanwhile. An app without state machines does not load their language.
 */
export function createStepFunctionsService(host: Host): Service & StateMachineCalls {
  const kept = {
    executions: host.durable<Execution>("stepFunctions.executions"),
    history: host.durable<HistoryEvent>("stepFunctions.history"),
  }
  let opened: Promise<Room> | undefined
  const open = (): Promise<Room> => {
    opened ??= import("./room.ts").then(({ createRoom }) => createRoom(host, kept))
    return opened
  }

  return {
    name: "stepFunctions",
    signingNames: ["states"],
    handle: async call => (await open()).handle(call),
    resources: stateMachineResources(host, open),
    startExecution: async (...given) => (await open()).startExecution(...given),
    startSyncExecution: async (...given) => (await open()).startSyncExecution(...given),
    start: async () => {
      if (kept.executions.size > 0) (await open()).resume()
    },
    stop: async () => {
      if (opened !== undefined) (await opened).stop()
    },
  }
}
