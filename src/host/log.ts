import { type FileHandle, open } from "node:fs/promises"
import type { HostLog } from "./host.ts"

/** Prints lines for people; what Lambdas print goes to the file, in order, as `time function request-id line`. */
export function createLog(print: (line: string) => void, lambdaFile: string): HostLog & { flush(): Promise<void> } {
  let pending: string[] = []
  let writing: Promise<void> | undefined
  let file: FileHandle | undefined

  const write = async () => {
    while (pending.length > 0) {
      const lines = pending
      pending = []
      try {
        file ??= await open(lambdaFile, "a")
        await file.write(lines.join(""))
      } catch (error) {
        print(`host    cannot write ${lambdaFile}: ${(error as Error).message}`)
      }
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
      await file?.close()
      file = undefined
    },
  }
}
