import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import { app } from "../../../src/contexts/index.ts"
import type { StoredEvent } from "../../../src/core/aggregate.ts"
import { project } from "../../../src/core/run/project.ts"
import { at, kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"
const bob = "bob-000000000000000000000"

async function events() {
  const k = kernel()
  const accountId = randomUUID()
  const invitationId = randomUUID()
  await k.ask(request(account.OpenAccount({ accountId, name: "One", slug: accountId.slice(0, 8) }), ada))
  await k.ask(request(account.AddOwner({ accountId, personId: bob }), "policy", { automation: true }))
  await k.ask(request(account.RenameAccount({ accountId, name: "Two" }), ada))
  await k.ask(request(account.RemoveOwner({ accountId, personId: bob }), ada))
  await k.ask(
    request(invitation.InviteMember({ accountId, invitationId, email: "c@example.org", role: "viewer" }), ada),
  )
  const all = k.events.outbox.flatMap(decided => decided.events)
  const ports = { app, events: k.events, views: k.views, track: k.track, now: () => at, pause: async () => {} }
  const count = async () =>
    (await k.views.progress("accountCounts.1", { partition: `${accountId}/accountCounts.1`, sort: "." }, "")).row
  return {
    k,
    all,
    count,
    accountId,
    play: async (order: readonly (StoredEvent | undefined)[]) => {
      for (const event of order) if (event) await project(ports, event)
    },
  }
}

describe("a projection", () => {
  test("counts what happened, whatever the order of delivery", async () => {
    for (const order of [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [3, 0, 4],
      [1, 1, 0, 4, 2, 3, 3, 4],
    ]) {
      const { all, count, accountId, play } = await events()
      await play(order.map(index => all[index]))
      expect(await count()).toEqual({ accountId, members: 1, openInvitations: 1 })
    }
  })

  test("heals a gap from the event store and says so in the trace", async () => {
    const { k, all, play } = await events()
    await play([all[0], all[3]])
    expect(k.track.steps.filter(({ step }) => step === "projection").map(({ message }) => message)).toEqual([
      undefined,
      "healed a gap of 2",
    ])
  })

  test("skips an event that it does not know, and goes on", async () => {
    const { all, count, accountId, play } = await events()
    const unknown = all.slice(0, 4).map((event, index) => (index === 1 ? { ...event, type: "NotYetInvented" } : event))
    await play(unknown)
    expect(await count()).toEqual({ accountId, members: 0, openInvitations: 0 })
  })
})
