/** The kernel in memory with what upkeep needs beside it; personal values of forgotten subjects open as null. */
import type { KnownPerson } from "../../../src/adapters/cognito/people.ts"
import { memoryDeliveries } from "../../../src/adapters/memory/deliveries.ts"
import { memoryUpkeepStore } from "../../../src/adapters/memory/upkeepStore.ts"
import { sha256 } from "../../../src/adapters/secrets/secret.ts"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import { app } from "../../../src/contexts/index.ts"
import { about, mapPersonal } from "../../../src/core/personal.ts"
import type { EventStore, WrappedKeys } from "../../../src/core/ports.ts"
import { project } from "../../../src/core/run/project.ts"
import { at, kernel, request } from "./kernel.ts"

export const ada = "ada-000000000000000000000"
export const bobsAddress = "bob@example.org"
export const accountId = "account-00000000000000001"
export const invitationId = "invitation-00000000000001"

export function memoryKeys(): WrappedKeys & { isForgotten(subject: string): boolean } {
  const shredded = new Map<string, string>()
  return {
    find: async subject => (shredded.has(subject) ? "forgotten" : new Uint8Array()),
    add: async () => true,
    isForgotten: subject => shredded.has(subject),
    async shred(subject, at) {
      shredded.set(subject, shredded.get(subject) ?? at)
      return shredded.get(subject) ?? at
    },
    async *forgotten() {
      yield* shredded.keys()
    },
  }
}

/** An account with an invitation, as its owner asked for it; every view and projection is up to date. */
export async function world() {
  const keys = memoryKeys()
  const k = kernel(store => store, keys.isForgotten)
  const read: EventStore["read"] = async function* (stream, from, to) {
    const gone = new Set<string>()
    for await (const subject of keys.forgotten()) gone.add(subject)
    const opened = (data: unknown) =>
      mapPersonal(data, one => (gone.has(one.subject) ? about(one.subject, null) : one)) as Record<string, unknown>
    for await (const event of k.events.read(stream, from, to)) yield { ...event, data: opened(event.data) }
  }
  const ports = {
    app,
    events: { ...k.events, read },
    views: k.views,
    directory: k.events,
    upkeep: memoryUpkeepStore(() => k.views.sourceVersions()),
    keys,
    track: k.track,
    ...{ parking: k.events.parking, deliveries: memoryDeliveries(async () => undefined) },
    ...{ reducerHash: k.ports.reducerHash, person: async (): Promise<KnownPerson | undefined> => undefined },
    letters: { purge: async () => 0, inHand: async () => 0 },
    nameOf: (subject: string) => subject,
    hash: sha256,
    settle: async () => {},
    now: () => at,
    pause: async () => {},
    random: () => 0.5,
    expired: () => false,
    committed: { page: async () => ({ commands: [] }), undo: async () => {} },
  }
  const settle = async () => {
    await k.project()
    for (const decided of k.events.outbox)
      for (const event of decided.events) await project({ ...ports, events: k.events, track: k.track }, event)
  }
  await k.ask(request(account.OpenAccount({ accountId, name: "One", slug: "slug-one", displayName: "Ada L" }), ada))
  await k.ask(request(invitation.InviteMember({ accountId, invitationId, email: bobsAddress, role: "viewer" }), ada))
  await k.track.record(
    [{ traceId: "trace", step: "accepted", causeId: "cause", component: "command", at }],
    [bobsAddress],
  )
  await settle()
  return { ...k, ports, settle, keys }
}

/** Everything that the stores of the world spell out. */
export const spelled = (w: Awaited<ReturnType<typeof world>>) =>
  JSON.stringify([w.views.rows(), w.track.steps, w.track.find(bobsAddress)])
