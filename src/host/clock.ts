/** The host's one clock. Every delay that AWS would make goes through it, so that a test can run hours in seconds. */
export interface Clock {
  /** How many of the host's milliseconds pass in a real one. */
  readonly speed: number
  /** Milliseconds since the epoch, moved by `advance`. */
  now(): number
  /** Waits an AWS delay: divided by the host's speed, cut short when `advance` passes its end. */
  sleep(ms: number): Promise<void>
  /** Runs `task` after an AWS delay. */
  after(ms: number, task: () => void): Timer
  /** Moves the clock forward; due timers fire at once, in order. */
  advance(ms: number): void
}

export interface Timer {
  cancel(): void
}

const timeoutMaxMs = 2 ** 31 - 1

/** A clock on top of the system's, at first `aheadMs` ahead of it: `speed` divides every delay, `advance` skips time. Timers do not keep the process alive. */
export function createClock(speed = 1, aheadMs = 0): Clock {
  const startedAt = Date.now()
  let skippedMs = aheadMs
  const pending = new Set<{ dueAt: number; task: () => void; handle?: NodeJS.Timeout }>()

  const now = () => startedAt + (Date.now() - startedAt) * speed + skippedMs

  const arm = (timer: { dueAt: number; task: () => void; handle?: NodeJS.Timeout }) => {
    clearTimeout(timer.handle)
    const waitMs = Math.max(0, (timer.dueAt - now()) / speed)
    timer.handle = setTimeout(
      () => {
        if (timer.dueAt - now() > speed) return arm(timer)
        pending.delete(timer)
        timer.task()
      },
      Math.min(waitMs, timeoutMaxMs),
    )
    timer.handle.unref()
  }

  const after = (ms: number, task: () => void): Timer => {
    const timer = { dueAt: now() + ms, task }
    pending.add(timer)
    arm(timer)
    return {
      cancel: () => {
        clearTimeout((timer as { handle?: NodeJS.Timeout }).handle)
        pending.delete(timer)
      },
    }
  }

  return {
    speed,
    now,
    after,
    sleep: ms => new Promise(resolve => after(ms, resolve)),
    advance: ms => {
      skippedMs += ms
      for (const timer of [...pending].sort((a, b) => a.dueAt - b.dueAt)) arm(timer)
    },
  }
}
