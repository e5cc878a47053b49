/** The whole flow in memory: every port's in-memory adapter, joined as the Lambdas join the real ones. */
import { randomUUID } from "node:crypto"
import { memoryEventStore } from "../../../src/adapters/memory/eventStore.ts"
import { memoryTrack } from "../../../src/adapters/memory/track.ts"
import { memoryViewStore } from "../../../src/adapters/memory/viewStore.ts"
import { sha256 } from "../../../src/adapters/secrets/secret.ts"
import { app } from "../../../src/contexts/index.ts"
import { type AnyAggregate, reducerText } from "../../../src/core/aggregate.ts"
import type { Message } from "../../../src/core/message.ts"
import type { EventStore } from "../../../src/core/ports.ts"
import type { Push } from "../../../src/core/push.ts"
import { handleCommand } from "../../../src/core/run/handleCommand.ts"
import type { CommandRequest } from "../../../src/core/run/prepareCommand.ts"
import { updateViews } from "../../../src/core/run/updateViews.ts"
import { commandInfo, personNamed } from "../../scenario.ts"

export const at = "2026-11-01T10:00:00.000Z"

export function kernel(
  wrap: (store: EventStore) => EventStore = store => store,
  isForgotten?: (subject: string) => boolean,
) {
  const events = memoryEventStore(isForgotten)
  const views = memoryViewStore()
  const track = memoryTrack()
  const pushed: unknown[] = []
  const push: Push = async ({ receipt, changes = [] }) =>
    void pushed.push(...(receipt === undefined ? [] : [receipt]), ...changes)
  const pause = async () => {}
  const ports = {
    app,
    events: wrap(events),
    hash: sha256,
    reducerHash: (aggregate: AnyAggregate) => sha256(reducerText(aggregate)),
    now: () => at,
    pause,
  }
  return {
    events,
    views,
    track,
    pushed,
    ports,
    viewPorts: { app, views, track, push, now: () => at, pause },
    ask: (request: CommandRequest) => handleCommand(ports, request),
    /** Brings the views up to everything in the outbox. */
    project: async () => {
      for (const decided of events.outbox) await updateViews({ app, views, track, push, now: () => at, pause }, decided)
    },
  }
}

/** A command as the resolver would put it on the bus; a new one each time unless told. */
export function request(
  command: Message,
  actor: string,
  more: {
    commandId?: string
    id?: string
    expectedVersion?: number
    email?: string
    automation?: boolean
    hops?: number
  } = {},
): CommandRequest {
  const data = command.data as Record<string, unknown>
  const who = more.automation
    ? { id: `automation:${actor}`, kind: "automation" as const, groups: [] }
    : personNamed(actor, more.email === undefined ? {} : { email: more.email })
  return {
    type: `accounts.${command.type}`,
    data,
    info: commandInfo({
      id: more.id ?? randomUUID(),
      commandId: more.commandId ?? randomUUID(),
      actor: who,
      tenant: command.type === "OpenAccount" ? actor : String(data.accountId),
      hops: more.hops ?? 0,
    }),
    ...(more.expectedVersion === undefined ? {} : { expectedVersion: more.expectedVersion }),
  }
}
