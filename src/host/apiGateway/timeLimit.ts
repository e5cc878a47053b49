import type { Timer } from "../clock.ts"
import type { Host } from "../host.ts"

/** What the work gives, or `late` when it takes longer than this on the host's clock. */
export async function withinTime<T>(host: Host, ms: number, work: Promise<T>): Promise<T | "late"> {
  let timer: Timer | undefined
  const over = new Promise<"late">(resolve => {
    timer = host.clock.after(ms, () => resolve("late"))
  })
  try {
    return await Promise.race([work, over])
  } finally {
    timer?.cancel()
  }
}
