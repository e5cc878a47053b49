import { setTimeout as sleep } from "node:timers/promises"
import { lockFolder } from "../host/lock.ts"

const otherLooksApartMs = 200

/** Does what is not done yet, while no other process does it: waits for that one. Resolves with whether it was done here. */
export async function inTurn(folder: string, isDone: () => boolean, work: () => Promise<void>): Promise<boolean> {
  while (!isDone()) {
    const unlock = lockIfFree(folder)
    if (unlock === undefined) await sleep(otherLooksApartMs)
    else
      try {
        if (isDone()) return false
        await work()
        return true
      } finally {
        unlock()
      }
  }
  return false
}

/** Undefined while another process has it. */
function lockIfFree(folder: string): (() => void) | undefined {
  try {
    return lockFolder(folder)
  } catch {
    return undefined
  }
}
