import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { memoryTrack } from "../../src/adapters/memory/track.ts"
import { sha256 } from "../../src/adapters/secrets/secret.ts"
import { commands as account } from "../../src/contexts/accounts/account.ts"
import { members } from "../../src/contexts/accounts/members.ts"
import { commands as membership } from "../../src/contexts/accounts/membership.ts"
import { app as released } from "../../src/contexts/index.ts"
import { reducerText } from "../../src/core/aggregate.ts"
import type { Directory } from "../../src/core/directory.ts"
import { rowsOf, view } from "../../src/core/index.ts"
import type { App } from "../../src/core/manifest.ts"
import type { Commit, EventStore, ViewStore } from "../../src/core/ports.ts"
import { purgeRows } from "../../src/core/run/forget.ts"
import { handleCommand } from "../../src/core/run/handleCommand.ts"
import { rebuild } from "../../src/core/run/rebuild.ts"
import { updateViews } from "../../src/core/run/updateViews.ts"
import type { UpkeepStore } from "../../src/core/upkeep.ts"
import { partitionKey, storedName } from "../../src/core/view.ts"
import { resolverTable } from "../../src/model/resolverTable.ts"
import { request } from "../rule/core/kernel.ts"

/** Rows of members as a later release wants them: they also say whether somebody decides. */
const newMembers = view({
  ...members,
  version: 2,
  row: members.row.extend({ decides: z.boolean() }),
  from: members.from.map(source =>
    rowsOf(source.of, (state, info) =>
      source
        .rows(state as never, info)
        .map(row => ({ ...row, decides: ["owner", "admin"].includes(String(row.role)) })),
    ),
  ),
} as Parameters<typeof view>[0])

const withMembers = (
  served: typeof members | typeof newMembers,
  building: typeof members | typeof newMembers,
): App => ({
  ...released,
  contexts: released.contexts.map(context =>
    context.name === "accounts"
      ? {
          ...context,
          views: context.views.map(one => (one.name === "members" ? served : one)),
          building: { views: [building] },
        }
      : context,
  ) as App["contexts"],
})
/** The next releases: the new version is built beside the old one, then it takes its place. */
const beside = withMembers(members, newMembers)
const switched = withMembers(newMembers, members)

export interface ViewVersionStores {
  readonly events: EventStore
  readonly directory: Directory
  readonly views: ViewStore
  readonly upkeep: UpkeepStore
}

/** How a view gets a new row shape while it serves, whatever the stores are. */
export function viewVersionContract(adapter: string, open: () => Promise<ViewVersionStores>): void {
  const begin = async () => {
    const stores = await open()
    const accountId = randomUUID()
    const [ada, bob, cyd] = ["ada", "bob", "cyd"].map(name => `${name}-${randomUUID()}`) as [string, string, string]
    const ports = (app: App) => {
      const made: Commit[] = []
      const events: EventStore = {
        ...stores.events,
        commit: async commit => {
          const result = await stores.events.commit(commit)
          if (result.status === "committed") made.push(commit)
          return result
        },
      }
      const pause = () => new Promise<void>(resolve => setTimeout(resolve, 10))
      return {
        made,
        ...{ ...stores, app, events, pause, hash: sha256, track: memoryTrack() },
        reducerHash: (aggregate: Parameters<typeof reducerText>[0]) => sha256(reducerText(aggregate)),
        push: async () => {},
        now: () => new Date().toISOString(),
        random: Math.random,
        expired: () => false,
      }
    }
    /** A command as a release handles it: decided, then its views kept up. */
    const ask = async (app: App, ...asked: Parameters<typeof request>) => {
      const release = ports(app)
      const { outcome } = await handleCommand(release, request(...asked))
      expect(outcome.status).toBe("COMMITTED")
      for (const { decided } of release.made) await updateViews(release, decided)
    }
    const join = (app: App, personId: string, role: "admin" | "viewer") =>
      ask(app, membership.JoinAccount({ accountId, personId, role }), "policy", { automation: true })
    const whole = async (app: App, dryRun: boolean) => {
      const order = { view: "members", version: 2 }
      let now = await rebuild(ports(app), { ...order, action: "start", dryRun })
      while (now.status === "RUNNING") now = await rebuild(ports(app), { ...order, action: "next", limit: 50 })
      return now
    }
    /** Rows of a version of the view, by person. */
    const rows = async (of: typeof members | typeof newMembers) => {
      const partition = partitionKey(storedName(of), of.partition, { accountId })
      const found = await Promise.all(
        [
          [ada, "account"],
          [bob, "membership"],
          [cyd, "membership"],
        ].map(([person, from]) => stores.views.get({ partition, sort: `${person}/${from}` })),
      )
      return found.map(stored => stored?.row?.decides ?? (stored?.row == null ? null : "as before"))
    }
    await ask(
      released,
      account.OpenAccount({ accountId, name: "One", slug: `v-${accountId.slice(0, 13)}`, displayName: "Ada" }),
      ada,
    )
    await join(released, bob, "viewer")
    return { stores, accountId, ada, bob, cyd, ports, ask, join, whole, rows }
  }

  describe(`a new version of a view ${adapter}`, () => {
    test("is kept up beside the old one, filled from history, and switched to when nothing differs", async () => {
      const { cyd, join, whole, rows } = await begin()
      await join(beside, cyd, "admin")
      expect(await rows(members)).toEqual(["as before", "as before", "as before"])
      expect(await rows(newMembers)).toEqual([null, null, true])

      expect((await whole(beside, true)).found.missing).toBeGreaterThanOrEqual(2)
      expect(await rows(newMembers)).toEqual([null, null, true])
      expect((await whole(beside, false)).status).toBe("DONE")
      expect(await whole(beside, true)).toMatchObject({ status: "DONE", written: 0, found: {} })
      expect(await rows(newMembers)).toEqual([true, false, true])
      expect(await rows(members)).toEqual(["as before", "as before", "as before"])
    })

    test("is what the API reads after the switch, while the old one is kept up for the way back", async () => {
      const { accountId, ada, cyd, ask, join, whole, rows } = await begin()
      await whole(beside, false)
      const read = (app: App) => resolverTable(app).find(({ fieldName }) => fieldName === "members")?.code ?? ""
      expect([released, beside].map(app => read(app).includes("members.1"))).toEqual([true, true])
      expect(read(switched)).toContain("members.2")
      expect(read(switched)).not.toContain("members.1")

      await join(switched, cyd, "viewer")
      await ask(switched, account.RenameAccount({ accountId, name: "Two" }), ada)
      expect(await rows(newMembers)).toEqual([true, false, false])
      expect(await rows(members)).toEqual(["as before", "as before", "as before"])
    })

    test("that has been retired is purged, too, when somebody is forgotten", async () => {
      const { ada, ports, whole, rows } = await begin()
      await whole(beside, false)
      expect(await rows(newMembers)).toEqual([true, false, null])
      await purgeRows(ports(released), ada)
      expect(await rows(newMembers)).toEqual([null, false, null])
      expect(await rows(members)).toEqual(["as before", "as before", null])
    })
  })
}
