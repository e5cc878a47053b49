/** Given / when / then for everything that a context declares. History is named facts; a test reads as a rule. */
import { expect } from "vitest"
import { mayAsk } from "../src/core/access.ts"
import {
  type AnyAggregate,
  claimsOf,
  commandOf,
  fold,
  isRejection,
  type StoredEvent,
  schemaVersionOf,
} from "../src/core/aggregate.ts"
import type { AnyAutomation, Reaction, ReactionInfo } from "../src/core/automation.ts"
import type { Tenancy } from "../src/core/manifest.ts"
import type { Actor, CommandInfo, Message } from "../src/core/message.ts"
import { type AnyProjection, applyEvent } from "../src/core/projection.ts"
import { streamOf } from "../src/core/stream.ts"
import type { AnyView } from "../src/core/view.ts"

export const personNamed = (id: string, more: Partial<Actor> = {}): Actor => ({
  id,
  kind: "person",
  groups: [],
  ...more,
})
export const someone = personNamed("someone-0000000000000000")
const atTime = "2026-11-01T10:00:00.000Z"

export const commandInfo = (more: Partial<CommandInfo> = {}): CommandInfo => ({
  id: "message-00000000000000001",
  commandId: "command-00000000000000001",
  traceId: "trace-0000000000000000001",
  hops: 0,
  actor: someone,
  tenant: "tenant-000000000000000001",
  time: atTime,
  ...more,
})

/** Facts as the store would hold them: versions from 1, one stream. */
export function stored(
  aggregate: AnyAggregate,
  facts: readonly Message[],
  tenant = "tenant-000000000000000001",
  id = "stream-000000000000000001",
): readonly StoredEvent[] {
  const stream = streamOf({ tenant, aggregate: aggregate.name, id })
  return facts.map(({ type, data }, index) => ({
    type,
    schemaVersion: schemaVersionOf(aggregate, type),
    data: data as Record<string, unknown>,
    info: {
      id: `${stream}/${index + 1}`,
      stream,
      version: index + 1,
      tenant,
      commandId: "command-00000000000000001",
      actor: someone.id,
      traceId: "trace-0000000000000000001",
      hops: 0,
      time: atTime,
    },
  }))
}

/** A history, and what is asked of or seen in it. */
export function given(aggregate: AnyAggregate, ...facts: readonly Message[]) {
  return situation(aggregate, facts, new Map())
}

/** States of the streams that an aggregate relies on, from the facts of each. */
const statesOf = (aggregate: AnyAggregate, facts: readonly Message[]) =>
  new Map(
    (aggregate.relies ?? []).map(({ of }) => {
      const its = facts.filter(({ type }) => Object.hasOwn(of.events, type))
      return [of.name, fold(of, stored(of, its))] as const
    }),
  )

function situation(aggregate: AnyAggregate, facts: readonly Message[], relied: ReadonlyMap<string, unknown>) {
  const state = fold(aggregate, stored(aggregate, facts))
  return {
    /** What happened in the streams that it relies on. */
    relying: (...others: readonly Message[]) => situation(aggregate, facts, statesOf(aggregate, others)),

    /** Asks as `actor`; validation comes first, as it does in production. */
    when(command: Message, actor: Actor = someone, time = atTime) {
      const { schema, decide } = commandOf(aggregate, command.type)
      const data = schema.parse(command.data)
      const decision = decide(state, data, commandInfo({ actor, time, relied }))
      return {
        thenEvents(...events: readonly Message[]) {
          expect(decision).toEqual(events)
          for (const event of events) aggregate.events[event.type].schema.parse(event.data)
        },
        thenNothing: () => expect(decision).toEqual([]),
        thenRejected(code: string) {
          expect(isRejection(decision) ? decision.rejected : decision).toBe(code)
          expect(Object.keys(aggregate.rejections)).toContain(code)
        },
      }
    },

    /** The rows that the view takes from this history. */
    thenRows(view: AnyView, ...rows: readonly Readonly<Record<string, unknown>>[]) {
      const info = {
        tenant: "tenant-000000000000000001",
        id: "stream-000000000000000001",
        version: facts.length,
        time: atTime,
      }
      const found = view.from
        .filter(source => source.of === aggregate)
        .flatMap(source => source.rows(state as never, info)) as unknown[]
      for (const row of found) view.row.parse(row)
      expect(found).toEqual(rows)
    },

    thenState: (expected: unknown) => expect(state).toEqual(expected),
    thenClaims: (claims: Readonly<Record<string, string>>) => expect(claimsOf(aggregate, state)).toEqual(claims),
  }
}

/** One stream's history, for a projection over several. */
export interface History {
  readonly of: AnyAggregate
  readonly facts: readonly Message[]
}
export const stream = (of: AnyAggregate, ...facts: readonly Message[]): History => ({ of, facts })

const shufflesMax = 20

/** Histories of several streams. A projection must give the same row however they interleave: some interleavings are tried. */
export function givenStreams(...histories: readonly History[]) {
  const queues = histories.map(({ of, facts }, index) =>
    stored(of, facts, undefined, `stream-00000000000000000${index}`),
  )
  return {
    thenProjects(projection: AnyProjection, row: Readonly<Record<string, unknown>>) {
      const found = Array.from({ length: shufflesMax }, (_, seed) =>
        play(
          projection,
          queues.map(queue => [...queue]),
          seed,
        ),
      )
      for (const one of found) expect(one).toEqual(row)
    },
  }
}

function play(projection: AnyProjection, queues: StoredEvent[][], seed: number) {
  let row: unknown = { ...projection.initial, ...projection.key({ tenant: "tenant-000000000000000001", id: "" }) }
  let turn = seed
  while (queues.some(queue => queue.length > 0)) {
    turn = (turn * 1_103_515_245 + 12_345) % 2_147_483_648
    const waiting = queues.filter(queue => queue.length > 0)
    const event = waiting[turn % waiting.length]?.shift()
    const source = projection.from.find(({ of }) => of.name === event?.info.stream.split("/")[1])
    if (event !== undefined && source !== undefined)
      row = applyEvent(source, row as Record<string, unknown>, event.type, event.data, event.info)
  }
  return row
}

/** What an automation asks for when `fact` happens. */
export function on(fact: Message, rows: ReactionInfo["rows"] = {}) {
  return {
    thenReactions(automation: AnyAutomation, ...reactions: readonly Reaction[]) {
      expect(automation.on.type).toBe(fact.type)
      const info = { ...commandInfo(), actor: someone.id, id: "event", stream: "stream", version: 1, rows, derive }
      const found = automation.react(fact.data as never, info)
      for (const reaction of found)
        if ("command" in reaction) expect(automation.sends.map(({ type }) => type)).toContain(reaction.command.type)
      expect(found).toEqual(reactions)
    },
  }
}

/** What an automation asks a service outside when `fact` happens, and what it makes of an answer. */
export function asking(automation: AnyAutomation, fact: Message, more: Partial<ReactionInfo> = {}) {
  const about = { ...commandInfo(), actor: someone.id, id: "event", stream: "stream", version: 1 }
  const reactions = automation.react(fact.data as never, { ...about, rows: {}, derive, ...more })
  const [asked] = reactions.flatMap(reaction => ("ask" in reaction ? [reaction.ask] : []))
  if (asked === undefined) throw new Error(`${automation.name} asked nothing`)
  return {
    question: asked.question,
    answered: (status: number, body: Readonly<Record<string, unknown>> = {}) => asked.then({ status, body }),
  }
}

/** A stand-in for derived secrets that can be foretold. */
export const derive = (label: string) => ({ value: `secret of ${label}`, hash: `hash of ${label}` })

/** May the actor ask this? The role is the one that the membership's stream gives. */
export const allows = (aggregate: AnyAggregate, command: Message, actor: Actor, tenancy: Tenancy) =>
  mayAsk(commandOf(aggregate, command.type).authorize, actor, command.data as Record<string, unknown>, tenancy)
