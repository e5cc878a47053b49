import type { Host } from "../host.ts"

/** Where functions' output goes: the host's log, and whoever asked for the tail of one invocation. */
export interface LogLines {
  write(functionName: string, requestId: string, line: string): void
  /** Collects the lines of one invocation until the returned function is called. */
  collect(requestId: string): () => string[]
}

export function createLogLines(host: Host): LogLines {
  const collected = new Map<string, string[]>()
  return {
    write: (functionName, requestId, line) => {
      collected.get(requestId)?.push(line)
      host.meter?.("logs.byte", functionName, Buffer.byteLength(line))
      host.log.lambda(functionName, requestId, line)
    },
    collect: requestId => {
      const lines = [`START RequestId: ${requestId} Version: $LATEST`]
      collected.set(requestId, lines)
      return () => {
        collected.delete(requestId)
        return lines
      }
    },
  }
}
