import type { DurableMap } from "../durable.ts"
import { AwsError, type Fault, type Host, type JsonObject } from "../host.ts"
import { type Failure, failureOf } from "./failure.ts"
import { handOver, type Routes } from "./handOver.ts"
import { exhaustedCondition, pauseBefore } from "./retry.ts"
import type { Rule, Target } from "./rule.ts"

/** An accepted event that one target has not taken yet. */
export type PendingDelivery = {
  event: JsonObject
  bus: string
  rule: string
  target: string
  messageId: string
  /** How many attempts have failed. */
  failed: number
  acceptedAt: number
}

/** Brings accepted events to targets: at once, then with growing pauses until the target's retry policy is exhausted. */
export interface Deliveries {
  /** Takes responsibility for all targets of an event, or for none when the host is killed meanwhile: it is durable when this returns. */
  accept(event: JsonObject, messageId: string, to: readonly { readonly rule: Rule; readonly target: Target }[]): void
  /** Takes up what an earlier run left, and what was accepted before the start. */
  start(): void
  stop(): void
}

export function createDeliveries(
  host: Host,
  pending: DurableMap<PendingDelivery>,
  findRule: (bus: string, rule: string) => Rule | undefined,
  routes: Routes,
): Deliveries {
  let running = false
  let accepted = 0

  const attempt = async (key: string, delivery: PendingDelivery): Promise<void> => {
    if (!running) return
    const rule = findRule(delivery.bus, delivery.rule)
    const target = rule?.targets.find(({ Id }) => Id === delivery.target)
    if (!rule || !target) return pending.delete(key)
    const { event, messageId, acceptedAt } = delivery
    const give = () => handOver(host, { event, rule, target, ingestedAt: acceptedAt, messageId }, routes)
    try {
      const fault = host.faults.at("bus", messageId, delivery.failed + 1)
      if (fault) await suffer(host, fault, give)
      if (!running) return
      await give()
      pending.delete(key)
    } catch (error) {
      await afterFailure(key, delivery, rule, target, failureOf(error))
    }
  }

  const afterFailure = async (
    key: string,
    delivery: PendingDelivery,
    rule: Rule,
    target: Target,
    failure: Failure,
  ): Promise<void> => {
    const exhausted = exhaustedCondition(target.RetryPolicy, delivery.failed, delivery.acceptedAt, host.clock.now())
    if (failure.retriable && exhausted === undefined) {
      const again = { ...delivery, failed: delivery.failed + 1 }
      pending.set(key, again)
      host.clock.after(pauseBefore(again.failed), () => void attempt(key, again))
      return
    }
    const condition = failure.retriable ? exhausted : undefined
    await sendDeadLetter(host, delivery, rule, target, failure, condition)
    pending.delete(key)
  }

  return {
    accept: (event, messageId, to) => {
      const acceptedAt = host.clock.now()
      const deliveries = to.map(({ rule, target }): [string, PendingDelivery] => [
        `${event.id}|${rule.name}|${target.Id}|${accepted++}`,
        {
          event,
          bus: rule.bus,
          rule: rule.name,
          target: target.Id,
          messageId: `${messageId}|${rule.name}|${target.Id}`,
          failed: 0,
          acceptedAt,
        },
      ])
      pending.setAll(deliveries)
      for (const [key, delivery] of deliveries) void attempt(key, delivery)
    },
    start: () => {
      running = true
      for (const [key, delivery] of [...pending.entries()]) void attempt(key, delivery)
    },
    stop: () => {
      running = false
    },
  }
}

/** Suffers a planned fault before the hand-over; a drop is a failed attempt. */
async function suffer(host: Host, fault: Fault, give: () => Promise<void>): Promise<void> {
  if (fault.kind === "delay") return host.clock.sleep(fault.ms)
  if (fault.kind === "duplicate") {
    for (let copy = 1; copy <= fault.times; copy++) {
      host.clock.after(fault.spreadMs * copy, () => void give().catch(() => undefined))
    }
  }
  if (fault.kind === "drop") throw new AwsError("ErrorFromTarget", "The fault plan dropped this delivery.")
  if (fault.kind === "throttle") throw new AwsError("ThrottlingException", "Rate exceeded")
}

async function sendDeadLetter(
  host: Host,
  delivery: PendingDelivery,
  rule: Rule,
  target: Target,
  failure: Failure,
  condition: string | undefined,
): Promise<void> {
  const queue = target.DeadLetterConfig?.Arn
  const what = `event ${delivery.event.id} of rule ${rule.name} for ${target.Arn}: ${failure.code} ${failure.message}`
  if (queue === undefined) return host.log.warn("events", `Dropped ${what}`)
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.Arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    ...(condition !== undefined && { EXHAUSTED_RETRY_CONDITION: condition }),
    RETRY_ATTEMPTS: { type: "Number", value: String(delivery.failed) },
  }
  const by = { service: "events.amazonaws.com", sourceArn: rule.arn }
  try {
    await host.queues.send(queue, JSON.stringify(delivery.event), attributes, by)
  } catch (error) {
    host.log.warn("events", `Dropped ${what}; the dead-letter queue refused it: ${failureOf(error).message}`)
  }
}
