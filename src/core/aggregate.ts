import type { Authorize } from "./authorize.ts"
import type { CommandInfo, DataOf, EventInfo, MessageOf, Messages, MessageType } from "./message.ts"

/** A refusal: a value with a name, not an error. */
export interface Rejection<Code extends string = string> {
  readonly rejected: Code
  /** The input field that it concerns. */
  readonly path?: string
}

/** Refuses a command for a reason of the domain. */
export const rejected = <const Code extends string>(code: Code, path?: string): Rejection<Code> =>
  path === undefined ? { rejected: code } : { rejected: code, path }

export const isRejection = (decision: unknown): decision is Rejection =>
  typeof decision === "object" && decision !== null && "rejected" in decision

/** Events, `[]` (already so) or a refusal. */
export type Decision<Events extends Messages, Code extends string> = readonly MessageOf<Events>[] | Rejection<Code>

/** Turns the data of an older event version into the next one. */
export type Upcaster = (data: Readonly<Record<string, unknown>>) => Record<string, unknown>

/**
 * One consistency boundary: what may be asked of it, what can have happened to it, and how one follows from the other.
 * `decide` and `evolve` are pure and total over their tables.
 */
export interface Aggregate<
  Commands extends Messages,
  Events extends Messages,
  State,
  Rejections extends Readonly<Record<string, string>> = Readonly<Record<string, string>>,
> {
  /** camelCase; part of every stored stream id, so it is for ever. */
  readonly name: string
  /** The invariant, in one sentence. */
  readonly description: string
  readonly commands: Commands
  readonly events: Events
  /** Every refusal of `decide` and the sentence that people read. */
  readonly rejections: Rejections
  /** The field that identifies the aggregate within its tenant; when a command leaves it out, one is derived. */
  readonly key: string
  readonly initial: State
  readonly authorize: { readonly [Name in keyof Commands]: Authorize }
  readonly decide: {
    readonly [Name in keyof Commands]: (
      state: State,
      data: DataOf<Commands[Name]>,
      info: CommandInfo,
    ) => Decision<Events, keyof Rejections & string>
  }
  readonly evolve: {
    readonly [Name in keyof Events]: (state: State, data: DataOf<Events[Name]>, info: EventInfo) => State
  }
  /** Claims on values that no two aggregates may hold: name → the value held in this state, or undefined. */
  readonly unique?: Readonly<
    Record<string, { readonly holds: (state: State) => string | undefined; readonly taken: keyof Rejections & string }>
  >
  /** Event name → upcasters from version 1 upwards; the current version is their number plus one. */
  readonly upcast?: { readonly [Name in keyof Events]?: readonly Upcaster[] }
  /** Fields of commands by which support finds a request. */
  readonly businessKeys?: readonly BusinessKey[]
  /** Other streams of the tenant that its decisions rely on. */
  readonly relies?: readonly Relied[]
}

/** A field by whose value support finds a request or, with `prefix`, by so many of its first characters. */
export type BusinessKey = string | { readonly field: string; readonly prefix: number }

/** Another stream of the same tenant that decisions rely on: read with the aggregate, and unmoved when the decision commits. */
export interface Relied<State = unknown> {
  readonly of: AnyAggregate
  /** Its id within the tenant. */
  readonly id: (tenant: string) => string
  /** Its state as the decision may see it. */
  readonly state: (info: CommandInfo) => State
}

/** An aggregate whose types are its own business: what the loops over the manifests see. */
// biome-ignore lint/suspicious/noExplicitAny: a heterogeneous list needs an existential type, which TypeScript lacks
export type AnyAggregate = Aggregate<any, any, any, any>

/** An event as it is stored. */
export interface StoredEvent {
  readonly type: string
  /** Version of the event's schema, 1 at first. */
  readonly schemaVersion: number
  readonly data: Readonly<Record<string, unknown>>
  readonly info: EventInfo
}

/** Thrown when a stream holds an event that this code does not know: it must not decide on half a history. */
export class UnknownEventError extends Error {
  override readonly name = "UnknownEventError"
  readonly stream: string
  readonly version: number
  constructor(event: StoredEvent) {
    super(
      `${event.info.stream} holds ${event.type} v${event.schemaVersion} at version ${event.info.version}, which this code does not know`,
    )
    this.stream = event.info.stream
    this.version = event.info.version
  }
}

/** The current schema version of an event. */
export const schemaVersionOf = (aggregate: AnyAggregate, type: string): number =>
  (aggregate.upcast?.[type]?.length ?? 0) + 1

/** Brings an event's data to its current schema version; undefined when this code does not know the event. */
export function upcast(aggregate: AnyAggregate, event: StoredEvent): Record<string, unknown> | undefined {
  if (!Object.hasOwn(aggregate.events, event.type)) return undefined
  if (event.schemaVersion > schemaVersionOf(aggregate, event.type)) return undefined
  const steps: readonly Upcaster[] = aggregate.upcast?.[event.type]?.slice(event.schemaVersion - 1) ?? []
  return steps.reduce((data, step) => step(data), { ...event.data })
}

/** What an aggregate says of one of its commands. Throws when the command is not its own. */
export function commandOf(aggregate: AnyAggregate, name: string) {
  const type: MessageType | undefined = aggregate.commands[name]
  const authorize: Authorize | undefined = aggregate.authorize[name]
  const decide = aggregate.decide[name]
  if (type === undefined || authorize === undefined || decide === undefined)
    throw new Error(`${aggregate.name} does not know the command ${name}`)
  return { schema: type.schema, authorize, decide }
}

/** State after `events`, which continue where `from` stands. Throws UnknownEventError. */
export function fold(aggregate: AnyAggregate, events: readonly StoredEvent[], from?: unknown): unknown {
  return events.reduce<unknown>((state, event) => {
    const data = upcast(aggregate, event)
    const evolve = aggregate.evolve[event.type]
    if (data === undefined || evolve === undefined) throw new UnknownEventError(event)
    return evolve(state, data, event.info)
  }, from ?? aggregate.initial)
}

/** Everything that determines a fold, as text: a snapshot made under another text is ignored. */
export const reducerText = (aggregate: AnyAggregate): string =>
  JSON.stringify([
    aggregate.initial,
    Object.entries(aggregate.evolve).map(([type, evolve]) => [type, String(evolve), schemaVersionOf(aggregate, type)]),
    Object.values(aggregate.upcast ?? {}).map(steps => (steps as readonly Upcaster[]).map(String)),
  ])

/** What an aggregate claims in a state: `name` → value. */
export function claimsOf(aggregate: AnyAggregate, state: unknown): Readonly<Record<string, string>> {
  const claims: Record<string, string> = {}
  for (const [name, { holds }] of Object.entries(aggregate.unique ?? {})) {
    const value = holds(state)
    if (value !== undefined) claims[name] = value.normalize("NFKC").trim().toLowerCase()
  }
  return claims
}
