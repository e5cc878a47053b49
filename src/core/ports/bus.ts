import type { Message } from "../message.ts"

/** A message on the bus: a CloudEvents 1.0 document and the channel that it goes by. */
export interface BusMessage {
  readonly channel: "actor" | "domain" | "outcome" | "replay"
  readonly event: CloudEvent
  /** The automation that alone hears a replayed event. */
  readonly to?: string
}

export type CloudEvent = Readonly<Record<string, unknown>> & {
  readonly id: string
  readonly type: string
}

export interface Publisher {
  /** All of them, or it throws, PoisonedError when no repeat can succeed; what was published may be published again. */
  publish(messages: readonly BusMessage[]): Promise<void>
}

/** Sends commands through the API, as automations do. */
export interface CommandSender {
  send(
    command: Message,
    thread: { traceId: string; causationId: string; hops: number; commandId: string; automation: string },
  ): Promise<void>
}

/** Messages that go on the bus at a later time. */
export interface Timers {
  /** Sets a timer; one by this id that is there already stays. `at` is an ISO time that has not passed. */
  set(id: string, at: string, message: CloudEvent): Promise<void>
  /** Takes a timer back; one that has fired or never was is fine. */
  cancel(id: string): Promise<void>
}
