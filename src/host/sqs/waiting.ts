import type { Clock } from "../clock.ts"
import type { StoredMessage } from "./messageStore.ts"
import type { Queue } from "./queue.ts"

/** Receives as soon as there is something, at the latest when the wait is over or the host stops. */
export async function receiveWaiting(
  queue: Queue,
  clock: Clock,
  request: { max: number; hiddenMs: number; waitMs: number },
  stopping: AbortSignal,
): Promise<StoredMessage[]> {
  const endsAt = clock.now() + request.waitMs
  for (;;) {
    const messages = queue.receive(request.max, request.hiddenMs)
    if (messages.length > 0 || clock.now() >= endsAt || stopping.aborted) return messages
    await new Promise<void>(resolve => {
      const timer = clock.after(endsAt - clock.now(), () => done())
      const forget = queue.onMessage(() => done())
      const done = () => {
        timer.cancel()
        forget()
        stopping.removeEventListener("abort", done)
        resolve()
      }
      stopping.addEventListener("abort", done)
    })
  }
}
