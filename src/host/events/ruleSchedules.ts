import type { Timer } from "../clock.ts"
import type { Host, JsonObject } from "../host.ts"
import { recur } from "../scheduler/recurrence.ts"
import type { BusRegistry } from "./busRegistry.ts"
import { envelope } from "./putEvents.ts"
import type { Rule } from "./rule.ts"

/** Fires the rules that have a schedule. A rate counts from the time that its rule was put or the host started. */
export function createRuleSchedules(host: Host, registry: BusRegistry, fire: (rule: Rule, event: JsonObject) => void) {
  const timers = new Map<string, Timer>()
  let running = false

  const arm = (rule: Rule): void => {
    timers.get(rule.arn)?.cancel()
    timers.delete(rule.arn)
    const current = registry.find(rule.bus)?.rules.get(rule.name)
    const { schedule, state } = current ?? {}
    if (!running || !schedule || state !== "ENABLED") return
    const now = host.clock.now()
    timers.set(
      rule.arn,
      recur(host.clock, schedule, now, now, due => fire(rule, scheduledEvent(host, rule, due))),
    )
  }
  registry.onChange(arm)

  return {
    start: () => {
      running = true
      for (const bus of registry.buses.values()) for (const rule of bus.rules.values()) arm(rule)
    },
    stop: () => {
      running = false
      for (const timer of timers.values()) timer.cancel()
    },
  }
}

function scheduledEvent(host: Host, rule: Rule, due: number): JsonObject {
  const entry = { source: "aws.events", detailType: "Scheduled Event", resources: [rule.arn] }
  return envelope(host, { ...entry, time: new Date(due).toISOString() }, {})
}
