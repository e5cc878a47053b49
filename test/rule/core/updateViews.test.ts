import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { updateViews } from "../../../src/core/run/updateViews.ts"
import { kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"
const bob = "bob-000000000000000000000"

/** An account that was opened, renamed to another slug, got a second owner and lost it again: four snapshots. */
async function history() {
  const k = kernel()
  const accountId = randomUUID()
  const asked = [
    request(account.OpenAccount({ accountId, name: "One", slug: "slug-one" }), ada),
    request(account.RenameAccount({ accountId, name: "Two", slug: "slug-two" }), ada),
    request(account.AddOwner({ accountId, personId: bob }), "policy", { automation: true }),
    request(account.RemoveOwner({ accountId, personId: bob }), ada),
  ]
  for (const one of asked) await k.ask(one)
  return { k, accountId, asked }
}

const live = (k: ReturnType<typeof kernel>, accountId: string) =>
  k.views
    .rows()
    .filter(({ row }) => row !== null)
    .map(({ partition, sort, row, version }) =>
      JSON.stringify({ partition, sort, row, version }).replaceAll(accountId, "id"),
    )
    .sort()

describe("the views over one aggregate", () => {
  test("equal those of the newest snapshot, in whatever order and however often snapshots come", async () => {
    const expected = await history()
    await expected.k.project()
    const rows = live(expected.k, expected.accountId)
    expect(rows.join()).toContain("Two")
    for (const order of [
      [3, 2, 1, 0],
      [1, 3, 0, 2],
      [0, 0, 3, 1, 3, 2],
      [2, 3, 3],
    ]) {
      const { k, accountId } = await history()
      for (const index of order) {
        const decided = k.events.outbox[index]
        if (decided !== undefined) await updateViews(k.viewPorts, decided)
      }
      expect(live(k, accountId)).toEqual(rows)
    }
  })

  test("lose a row for good when its person has left", async () => {
    const { k, accountId } = await history()
    await k.project()
    const late = k.events.outbox[2]
    if (late !== undefined) await updateViews(k.viewPorts, late)
    expect(live(k, accountId).some(row => row.includes(bob))).toBe(false)
    expect(live(k, accountId).some(row => row.includes("Two"))).toBe(true)
  })

  test("move the receipt to PROJECTED only after they are written", async () => {
    const { k, asked } = await history()
    const [first] = asked
    expect(k.track.receipt(ada, first?.info.commandId ?? "", ada)).toBeUndefined()
    await k.project()
    expect(k.track.receipt(ada, first?.info.commandId ?? "", ada)).toMatchObject({ status: "PROJECTED", version: 1 })
  })

  test("push each receipt, and a notice for each live view and scope", async () => {
    const { k } = await history()
    await k.project()
    expect(k.pushed.filter(item => JSON.stringify(item).includes('"status":"PROJECTED"'))).toHaveLength(4)
    expect(k.pushed).toContainEqual(expect.objectContaining({ view: "myAccounts", scope: bob, gone: true }))
  })

  test("are told of when the first attempt was cut short after writing them", async () => {
    const { k } = await history()
    const [opened] = k.events.outbox
    if (opened === undefined) throw new Error("nothing was decided")
    const cutShort = async () => Promise.reject(new Error("killed"))
    const dying = { ...k.viewPorts, track: { ...k.track, record: cutShort, move: k.track.move } }
    await expect(updateViews(dying, opened)).rejects.toThrow("killed")
    expect(k.pushed).toEqual([])
    await updateViews(k.viewPorts, opened)
    expect(k.track.steps).toMatchObject([{ step: "view", version: 1 }])
    expect(k.pushed).toContainEqual(expect.objectContaining({ view: "myAccounts", scope: ada, gone: false }))
  })

  test("settle the receipt of a refusal with its reason", async () => {
    const { k, accountId } = await history()
    const refused = request(account.RemoveOwner({ accountId, personId: ada }), ada)
    await k.ask(refused)
    await k.project()
    expect(k.track.receipt(ada, refused.info.commandId, accountId)).toMatchObject({
      status: "REJECTED",
      rejection: { code: "LastOwner" },
    })
  })
})
