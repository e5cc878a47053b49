import type { z } from "zod"

/** A command or an event as a value: its name and its data. */
export interface Message<Name extends string = string, Data = unknown> {
  readonly type: Name
  readonly data: Data
}

/** Makes messages of one name, and knows their schema. */
export interface MessageType<Name extends string = string, Schema extends z.ZodObject = z.ZodObject> {
  (data: z.input<Schema>): Message<Name, z.output<Schema>>
  readonly type: Name
  readonly schema: Schema
}

export type Messages = Readonly<Record<string, MessageType>>
export type DataOf<Type> = Type extends MessageType<string, infer Schema> ? z.output<Schema> : never
export type MessageOf<Types extends Messages> = {
  [Name in keyof Types & string]: Message<Name, DataOf<Types[Name]>>
}[keyof Types & string]

/** Turns a table of schemas into message types: `const { CopyLent } = messages({ CopyLent: z.object({…}) })`. */
export function messages<const Schemas extends Record<string, z.ZodObject>>(
  schemas: Schemas,
): { readonly [Name in keyof Schemas & string]: MessageType<Name, Schemas[Name]> } {
  const types = Object.entries(schemas).map(([type, schema]) => {
    const make = (data: unknown) => ({ type, data })
    return [type, Object.assign(make, { type, schema })] as const
  })
  return Object.fromEntries(types) as unknown as ReturnType<typeof messages<Schemas>>
}

/** Who acts. `email` is set only when the identity provider verified it; `role` only after a membership was read. */
export interface Actor {
  readonly id: string
  readonly kind: "person" | "client" | "automation" | "anonymous"
  readonly email?: string
  readonly groups: readonly string[]
  readonly role?: string
}

/** Where a message stands in its conversation. */
export interface Thread {
  /** The conversation: the same from the first request to its last consequence. */
  readonly traceId: string
  /** The message that directly caused this one; absent on the request that began it. */
  readonly causationId?: string
  /** How many automations lie between the first request and this message. */
  readonly hops: number
  /** W3C trace context, handed on as it came. */
  readonly traceparent?: string
}

/** What a decider knows besides state and data: its only source of time, ids and identity. */
export interface CommandInfo extends Thread {
  /** Id of this message on the bus; what it causes names it as causation. */
  readonly id: string
  /** Chosen by the client: the idempotency key. */
  readonly commandId: string
  readonly actor: Actor
  readonly tenant: string
  /** ISO time at which the request was accepted. */
  readonly time: string
  /** States of the streams that the aggregate relies on, by aggregate; read them by `relied`. */
  readonly relied?: ReadonlyMap<string, unknown>
}

/** A command as it arrived on the bus. */
export interface CommandRequest {
  /** `<context>.<Command>`. */
  readonly type: string
  /** What the client sent, not yet validated. */
  readonly data: Readonly<Record<string, unknown>>
  readonly info: CommandInfo
  readonly expectedVersion?: number
}

/** What is known of a stored event besides its data. */
export interface EventInfo extends Thread {
  /** `<stream>/<version>`: the same on every publication. */
  readonly id: string
  readonly stream: string
  readonly version: number
  readonly commandId: string
  readonly actor: string
  readonly tenant: string
  /** ISO time of the command that made it. */
  readonly time: string
}

export const hopsMax = 16

/** The thread of a message that `cause` brings about: the one place where trace and causation are handed on. */
export function follow(cause: Thread & { readonly id: string }, hop = 0): Thread {
  return {
    traceId: cause.traceId,
    causationId: cause.id,
    hops: cause.hops + hop,
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
  }
}
