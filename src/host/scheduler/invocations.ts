import { createHash } from "node:crypto"
import type { DurableMap } from "../durable.ts"
import { failureOf } from "../events/failure.ts"
import { exhaustedCondition, pauseBefore } from "../events/retry.ts"
import { AwsError, type Host } from "../host.ts"
import type { Schedule } from "./schedule.ts"
import type { ScheduleTarget } from "./scheduleTarget.ts"
import { invokeTarget } from "./targets.ts"

/** A due schedule whose target has not taken it yet. */
export type PendingInvocation = {
  scheduleArn: string
  due: number
  target: string
  failed: number
  acceptedAt: number
}

/** Invokes targets of due schedules until they take the call or the retry policy is exhausted. */
export interface Invocations {
  /** Durable when this returns; the same schedule and due time counts once. */
  accept(schedule: Schedule, due: number): void
  start(): void
  stop(): void
}

export function createInvocations(host: Host, pending: DurableMap<PendingInvocation>): Invocations {
  let running = false

  const attempt = async (key: string, invocation: PendingInvocation): Promise<void> => {
    if (!running) return
    const target: ScheduleTarget = JSON.parse(invocation.target)
    const input = inputOf(host, target, invocation)
    try {
      await withFault(host, key, invocation.failed + 1, async () => {
        if (!running) return
        await invokeTarget(host, target, input, key)
        pending.delete(key)
      })
    } catch (error) {
      await afterFailure(key, invocation, target, input, error)
    }
  }

  const afterFailure = async (
    key: string,
    invocation: PendingInvocation,
    target: ScheduleTarget,
    input: string,
    error: unknown,
  ): Promise<void> => {
    const failure = failureOf(error)
    const { failed, acceptedAt, due, scheduleArn } = invocation
    const exhausted = exhaustedCondition(target.RetryPolicy, failed, acceptedAt, host.clock.now())
    if (failure.retriable && exhausted === undefined) {
      const again = { ...invocation, failed: failed + 1 }
      pending.set(key, again)
      host.clock.after(pauseBefore(again.failed), () => void attempt(key, again))
      return
    }
    await sendDeadLetter(host, target, input, {
      SCHEDULE_ARN: scheduleArn,
      TARGET_ARN: target.Arn,
      SCHEDULED_TIME: isoSeconds(due),
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
      ...(failure.retriable && exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: exhausted }),
      RETRY_ATTEMPTS: String(failed),
    })
    pending.delete(key)
  }

  return {
    accept: (schedule, due) => {
      const key = `${schedule.arn}|${isoSeconds(due)}`
      if (pending.get(key)) return
      const target = JSON.stringify(schedule.definition.Target)
      const acceptedAt = host.clock.now()
      const invocation: PendingInvocation = { scheduleArn: schedule.arn, due, target, failed: 0, acceptedAt }
      pending.set(key, invocation)
      void attempt(key, invocation)
    },
    start: () => {
      running = true
      for (const [key, invocation] of [...pending.entries()]) void attempt(key, invocation)
    },
    stop: () => {
      running = false
    },
  }
}

/** The target's input with Scheduler's context attributes filled in; without input, an event that tells of the schedule. */
function inputOf(host: Host, target: ScheduleTarget, { scheduleArn, due, failed }: PendingInvocation): string {
  const hash = createHash("sha256").update(`${scheduleArn}|${due}`).digest("hex")
  const id = hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
  if (target.Input === undefined) {
    return JSON.stringify({
      version: "0",
      id,
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: host.accountId,
      time: isoSeconds(due),
      region: host.region,
      resources: [scheduleArn],
      detail: "{}",
    })
  }
  return target.Input.replaceAll("<aws.scheduler.schedule-arn>", scheduleArn)
    .replaceAll("<aws.scheduler.scheduled-time>", isoSeconds(due))
    .replaceAll("<aws.scheduler.execution-id>", id)
    .replaceAll("<aws.scheduler.attempt-number>", String(failed + 1))
}

async function withFault(host: Host, key: string, attempt: number, give: () => Promise<void>): Promise<void> {
  const fault = host.faults.at("scheduler", key, attempt)
  if (fault?.kind === "drop") throw new AwsError("ErrorFromTarget", "The fault plan dropped this invocation.")
  if (fault?.kind === "throttle") throw new AwsError("ThrottlingException", "Rate exceeded")
  if (fault?.kind === "delay") await host.clock.sleep(fault.ms)
  if (fault?.kind === "duplicate") {
    for (let copy = 1; copy <= fault.times; copy++) {
      host.clock.after(fault.spreadMs * copy, () => void give().catch(() => undefined))
    }
  }
  await give()
}

async function sendDeadLetter(
  host: Host,
  target: ScheduleTarget,
  input: string,
  attributes: Record<string, string>,
): Promise<void> {
  const queue = target.DeadLetterConfig?.Arn
  const what = `${attributes.SCHEDULE_ARN} for ${target.Arn}: ${attributes.ERROR_CODE} ${attributes.ERROR_MESSAGE}`
  if (queue === undefined) return host.log.warn("scheduler", `Dropped ${what}`)
  try {
    const roleName = target.RoleArn.split("/").at(-1) ?? target.RoleArn
    const role = { kind: "role" as const, arn: target.RoleArn, roleName, sessionName: "scheduler" }
    host.iam.authorize(role, "sqs:SendMessage", queue)
    await host.queues.send(queue, input, attributes)
  } catch (error) {
    host.log.warn("scheduler", `Dropped ${what}; the dead-letter queue refused it: ${failureOf(error).message}`)
  }
}

function isoSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`
}
