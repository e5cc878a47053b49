import type { Timer } from "../clock.ts"
import type { Host } from "../host.ts"
import type { ScheduleExpression } from "./expression.ts"
import type { Invocations } from "./invocations.ts"
import { recur } from "./recurrence.ts"
import { dueTimes, epochMs, type Schedule } from "./schedule.ts"
import type { ScheduleStore } from "./scheduleStore.ts"

/**
 * Fires schedules when they are due, at the start of a flexible window. A one-time schedule that came due while the host was
 * off fires at its start; what a recurring one missed is left out.
 */
export function createTimers(host: Host, store: ScheduleStore, invocations: Invocations) {
  const timers = new Map<string, Timer>()
  const hostStartedAt = host.clock.now()
  let running = false

  const arm = (arn: string, schedule: Schedule | undefined): void => {
    timers.get(arn)?.cancel()
    timers.delete(arn)
    if (!running || !schedule || schedule.definition.State === "DISABLED") return
    const expression = dueTimes(schedule.definition)
    const anchor = epochMs(schedule.definition.StartDate) ?? schedule.modifiedAt
    const fire = (due: number) => {
      store.wasDue(schedule, due)
      invocations.accept(schedule, due)
    }
    timers.set(
      arn,
      recur(host.clock, expression, anchor, armedAfter(expression.kind, schedule), fire, () => complete(schedule)),
    )
  }

  const armedAfter = (kind: ScheduleExpression["kind"], { lastDue, modifiedAt }: Schedule): number => {
    if (lastDue !== undefined) return host.clock.now()
    if (kind === "at") return 0
    return modifiedAt >= hostStartedAt ? modifiedAt - 1 : host.clock.now()
  }

  // A schedule of the template stays, so that the next start does not make and fire it again.
  const complete = ({ definition, group, origin }: Schedule): void => {
    if (definition.ActionAfterCompletion === "DELETE" && origin === "call") store.delete(definition.Name, group)
  }

  store.onChange(arm)

  return {
    start: () => {
      running = true
      for (const schedule of store.all()) arm(schedule.arn, schedule)
    },
    stop: () => {
      running = false
      for (const timer of timers.values()) timer.cancel()
    },
  }
}
