import { AwsError, type Fault, type Host, type Json } from "../host.ts"
import { type ResultRecord, sendToDeadLetterQueue, sendToDestination } from "./destinations.ts"
import type { LambdaFunction } from "./function.ts"
import type { AsyncSettings, Functions } from "./functions.ts"
import type { Run } from "./run.ts"
import { exited, type Outcome } from "./sandbox.ts"

/** An accepted event that is not settled yet, as it is kept on disk. Times in milliseconds since the epoch. */
type PendingEvent = {
  function: string
  /** JSON text. */
  event: string
  requestId: string
  messageId: string
  acceptedAt: number
  dueAt: number
  /** Attempts that count: throttled ones do not. */
  attempts: number
  deliveries: number
}

/** The queue in front of functions that are invoked asynchronously; an accepted event survives a kill of the host. */
export interface AsyncQueue {
  accept(event: { function: string; event: string; requestId: string; messageId: string }): void
  /** Begins to deliver, first what an earlier host left. */
  start(): void
  stop(): void
}

/** Lambda's defaults: two retries, after one minute and two; six hours. */
export const defaultAsyncSettings: AsyncSettings = {
  retriesMax: 2,
  ageMaxMs: 6 * 3_600_000,
  onSuccessArn: undefined,
  onFailureArn: undefined,
}
const retryDelayMs = 60_000
const throttleDelayMs = 1_000
const throttleDelayMsMax = 300_000
const deliveriesAtOnceMax = 8

export function createAsyncQueue(host: Host, functions: Functions, run: Run): AsyncQueue {
  const pending = host.durable<PendingEvent>("lambda-async")
  const lanes = new Map<string, { ready: PendingEvent[]; running: number }>()
  let delivering = false

  const laneOf = (name: string) => {
    const lane = lanes.get(name) ?? { ready: [], running: 0 }
    lanes.set(name, lane)
    return lane
  }

  const schedule = (event: PendingEvent) => {
    if (!delivering) return
    const waitMs = event.dueAt - host.clock.now()
    if (waitMs > 0) return void host.clock.after(waitMs, () => schedule(event))
    laneOf(event.function).ready.push(event)
    pump(event.function)
  }

  const pump = (name: string) => {
    const lane = laneOf(name)
    while (delivering && lane.running < roomFor(functions, name)) {
      const event = lane.ready.shift()
      if (event === undefined) return
      lane.running++
      void deliver(event).finally(() => {
        lane.running--
        pump(name)
      })
    }
  }

  const deliver = async (event: PendingEvent) => {
    try {
      await attempt(event)
    } catch (error) {
      if (!delivering) return
      if (error instanceof AwsError && error.code === "TooManyRequestsException") return postpone(event)
      host.log.warn(
        "lambda",
        `an event for ${event.function} is dropped: ${error instanceof Error ? error.message : error}`,
      )
      pending.delete(event.requestId)
    }
  }

  const attempt = async (event: PendingEvent) => {
    const { deployed, qualifier } = functions.find(event.function)
    const { lambda } = deployed
    const settings = deployed.asyncSettings.get(qualifier ?? "$LATEST") ?? defaultAsyncSettings
    if (host.clock.now() - event.acceptedAt > settings.ageMaxMs) {
      return settle(event, lambda, settings.onFailureArn, "EventAgeExceeded", {
        error: { errorMessage: "Event age exceeded" },
      })
    }
    const outcome = await runWithFaults(
      event,
      host.faults.at("asyncLambda", `${lambda.name}|${event.messageId}`, event.deliveries + 1),
    )
    if (!delivering) return
    if ("result" in outcome) return settle(event, lambda, settings.onSuccessArn, "Success", outcome)
    if (event.attempts >= settings.retriesMax)
      return settle(event, lambda, settings.onFailureArn, "RetriesExhausted", outcome)
    retry(event, event.attempts + 1, retryDelayMs * (event.attempts + 1))
  }

  const runWithFaults = async (event: PendingEvent, fault: Fault | undefined): Promise<Outcome> => {
    const lost: Outcome = { error: exited(event.requestId, "signal: killed") }
    if (fault?.kind === "throttle") throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429)
    if (fault?.kind === "drop") return lost
    if (fault?.kind === "delay") await host.clock.sleep(fault.ms)
    if (fault?.kind === "duplicate") repeat(event, fault)
    const outcome = await run(event)
    return fault?.kind === "loseAck" ? lost : outcome
  }

  const repeat = (event: PendingEvent, { times, spreadMs }: { times: number; spreadMs: number }) => {
    for (let copy = 1; copy <= times; copy++) {
      host.clock.after((spreadMs * copy) / times, () => {
        if (delivering) run(event).catch(() => undefined)
      })
    }
  }

  const retry = (event: PendingEvent, attempts: number, delayMs: number) => {
    const next = { ...event, attempts, deliveries: event.deliveries + 1, dueAt: host.clock.now() + delayMs }
    pending.set(next.requestId, next)
    schedule(next)
  }

  const postpone = (event: PendingEvent) =>
    retry(event, event.attempts, Math.min(throttleDelayMsMax, throttleDelayMs * 2 ** Math.min(event.deliveries, 10)))

  const settle = async (
    event: PendingEvent,
    lambda: LambdaFunction,
    destinationArn: string | undefined,
    condition: string,
    outcome: Outcome,
  ) => {
    const failed = "error" in outcome
    const send = async (what: Promise<void>) =>
      what.catch(error => host.log.warn("lambda", `${lambda.name}: an event is lost: ${error.message}`))
    if (destinationArn !== undefined) {
      await send(sendToDestination(host, lambda, destinationArn, resultRecord(host, event, lambda, condition, outcome)))
    }
    if (failed) {
      const message = String(outcome.error.errorMessage)
      await send(sendToDeadLetterQueue(host, lambda, event.event, { requestId: event.requestId, message }))
    }
    pending.delete(event.requestId)
  }

  return {
    accept: ({ function: name, event, requestId, messageId }) => {
      const now = host.clock.now()
      const accepted = {
        function: name,
        event,
        requestId,
        messageId,
        acceptedAt: now,
        dueAt: now,
        attempts: 0,
        deliveries: 0,
      }
      pending.set(requestId, accepted)
      schedule(accepted)
    },
    start: () => {
      delivering = true
      // The clock of an earlier host may have been ahead of this one's.
      const latest = host.clock.now() + throttleDelayMsMax
      for (const [, event] of [...pending.entries()]) schedule({ ...event, dueAt: Math.min(event.dueAt, latest) })
    },
    stop: () => {
      delivering = false
      pending.close()
    },
  }
}

function roomFor(functions: Functions, reference: string): number {
  if (!functions.exists(reference)) return 1
  const reserved = functions.find(reference).deployed.lambda.concurrencyReserved ?? deliveriesAtOnceMax
  return Math.max(1, Math.min(deliveriesAtOnceMax, reserved))
}

/** Lambda's invocation record, version 1.0. */
function resultRecord(
  host: Host,
  event: PendingEvent,
  lambda: LambdaFunction,
  condition: string,
  outcome: Outcome,
): ResultRecord {
  const failed = "error" in outcome
  const payload: Json = failed ? outcome.error : JSON.parse(outcome.result)
  return {
    version: "1.0",
    timestamp: new Date(host.clock.now()).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${lambda.arn}:$LATEST`,
      condition,
      approximateInvokeCount: condition === "EventAgeExceeded" ? event.attempts : event.attempts + 1,
    },
    requestPayload: JSON.parse(event.event),
    responseContext: { statusCode: 200, executedVersion: "$LATEST", ...(failed && { functionError: "Unhandled" }) },
    responsePayload: payload,
  }
}
