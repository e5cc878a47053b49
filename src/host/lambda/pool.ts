import { setTimeout as startTimer } from "node:timers"
import type { JsonObject } from "../host.ts"
import type { Invocation, Outcome, Sandbox } from "./sandbox.ts"

/** The execution environments of one function. */
export interface Pool {
  /** Runs in an idle environment, in a new one, or when one becomes free; `started` gets the way to kill it while it runs. */
  run(
    invocation: Invocation,
    started?: (kill: (error: JsonObject) => void) => void,
  ): Promise<Outcome & { readonly cpuMs: number }>
  /** Starts an environment when there is none; resolves once its handler is loaded. */
  warm(): Promise<void>
  /** Invocations accepted and not answered. */
  readonly inFlight: number
  stop(): Promise<void>
}

/** So long an invocation waits while no other one ends before it gets an environment of its own … */
const patienceMs = 150
/** … and so many times as long while all of them compute. */
const patiencesMax = 5
const busyShare = 0.5

/**
 * Environments stay warm and are reused, last used first. Up to `sandboxesEager` start as soon as an invocation waits: as many as
 * the machine can run at once, since each more would run code that is not compiled yet. Beyond, one starts when none has
 * become free for a while and those that there are wait for something themselves; a little later in any case, since AWS lets none
 * wait. At most one starts at a time.
 */
export function createPool(open: () => Sandbox, sandboxesMax: number, sandboxesEager = sandboxesMax): Pool {
  const sandboxes = new Set<Sandbox>()
  const idle: Sandbox[] = []
  const waiting: ((sandbox: Sandbox) => void)[] = []
  let patience: NodeJS.Timeout | undefined
  let patiences = 0
  let starting = false
  let stopped = false
  let inFlight = 0

  const discardDead = () => {
    for (const sandbox of sandboxes) if (!sandbox.alive) sandboxes.delete(sandbox)
  }

  const grow = () => {
    if (waiting.length === 0) return
    discardDead()
    if (sandboxes.size < sandboxesEager) return void add()
    patience ??= startTimer(() => {
      patience = undefined
      const areComputing = [...sandboxes].every(({ utilization }) => utilization > busyShare)
      if (!areComputing || ++patiences >= patiencesMax) {
        patiences = 0
        add()
      }
      grow()
    }, patienceMs).unref()
  }

  const stopWaiting = () => {
    clearTimeout(patience)
    patience = undefined
    patiences = 0
  }

  const add = (): Sandbox | undefined => {
    discardDead()
    if (starting || stopped || sandboxes.size >= sandboxesMax) return
    starting = true
    const sandbox = open()
    sandboxes.add(sandbox)
    void sandbox.initialized.then(() => {
      starting = false
      offer(sandbox)
      grow()
    })
    return sandbox
  }

  const offer = (sandbox: Sandbox) => {
    stopWaiting()
    const next = waiting.shift()
    grow()
    if (next !== undefined) next(sandbox)
    else if (sandbox.alive) idle.push(sandbox)
  }

  const take = (): Promise<Sandbox> => {
    for (let sandbox = idle.pop(); sandbox !== undefined; sandbox = idle.pop()) {
      if (sandbox.alive) return Promise.resolve(sandbox)
    }
    return new Promise(resolve => {
      waiting.push(resolve)
      grow()
    })
  }

  const run: Pool["run"] = async (invocation, started) => {
    inFlight++
    const sandbox = await take()
    started?.(sandbox.kill)
    const outcome = { ...(await sandbox.run(invocation)), cpuMs: sandbox.cpuMs }
    inFlight--
    if (sandbox.alive) offer(sandbox)
    else grow()
    return outcome
  }

  return {
    run,
    warm: async () => {
      if (sandboxes.size === 0) await add()?.initialized
    },
    get inFlight() {
      return inFlight
    },
    stop: async () => {
      stopped = true
      stopWaiting()
      await Promise.all([...sandboxes].map(sandbox => sandbox.end()))
    },
  }
}
