import { appendFile } from "node:fs/promises"
import type { HostLog } from "./host.ts"

/** Prints lines for people; what Lambdas print goes to the file, in order, as `time function request-id line`. */
export function createLog(print: (line: string) => void, lambdaFile: string): HostLog & { flush(): Promise<void> } {
  let pending: string[] = []
  let writing: Promise<void> | undefined

  const write = async () => {
    while (pending.length > 0) {
      const lines = pending
      pending = []
      await appendFile(lambdaFile, lines.join("")).catch(error =>
        print(`host    cannot write ${lambdaFile}: ${error.message}`),
      )
    }
    writing = undefined
  }

  return {
    info: (component, message) => print(`${component.padEnd(8)}${message}`),
    warn: (component, message) => print(`${component.padEnd(8)}! ${message}`),
    lambda: (functionName, requestId, line) => {
      pending.push(`${new Date().toISOString()} ${functionName} ${requestId} ${line.trimEnd()}\n`)
      writing ??= write()
    },
    flush: async () => {
      await writing
    },
  }
}
