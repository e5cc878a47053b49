import type { Clock, Timer } from "../clock.ts"
import type { ScheduleExpression } from "./expression.ts"

/** When the clock jumps over more than this many due times, the rest of them is left out. */
const missedMax = 1_000

/** Fires at every due time of a schedule from `after` on, also at those that a jump of the clock passes; `done` when there is no other. */
export function recur(
  clock: Clock,
  expression: ScheduleExpression,
  anchor: number,
  after: number,
  fire: (due: number) => void,
  done?: () => void,
): Timer {
  let timer: Timer | undefined
  let missed = 0

  const arm = (from: number): void => {
    const due = expression.next(from, anchor)
    if (due === undefined) {
      done?.()
      return
    }
    timer = clock.after(due - clock.now(), () => {
      fire(due)
      const late = (expression.next(due, anchor) ?? Number.POSITIVE_INFINITY) <= clock.now()
      missed = late ? missed + 1 : 0
      arm(missed > missedMax ? clock.now() : due)
    })
  }

  arm(after)
  return { cancel: () => timer?.cancel() }
}
