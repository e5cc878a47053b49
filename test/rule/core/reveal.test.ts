import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { app } from "../../../src/contexts/index.ts"
import { history, NotRevealedError } from "../../../src/core/run/history.ts"
import { logSupport } from "../../../src/core/run/logSupport.ts"
import { reveal, revealMs } from "../../../src/core/run/reveal.ts"
import { commands, logOf } from "../../../src/core/supportLog.ts"
import { at, kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"
const reason = "The owner asked on the phone"

/** An account with a personal value, and somebody of support who may look at it. */
async function looked() {
  const k = kernel()
  const ports = { ...k.ports, track: k.track }
  const accountId = randomUUID()
  const slug = `s${accountId.slice(0, 8)}`
  await k.ask(request(account.OpenAccount({ accountId, name: "Lab", slug, displayName: "Ada" }), ada))
  const of = { aggregate: "account", id: accountId }
  const ask = (by = "support-person", why = reason) => reveal(ports, { ...of, reason: why }, by, randomUUID())
  const see = async (revealId: string | undefined, asker = { actor: "support-person", now: at }, which = of) =>
    JSON.stringify(await history(app, k.events, { ...which, reveal: revealId ?? "" }, asker))
  return { k, accountId, of, ask, see }
}

describe("personal values", () => {
  test("are shown to whoever has said why, which is an event by then", async () => {
    const { k, accountId, ask, see } = await looked()
    const { reveal: id, until } = await ask()
    expect(await see(id)).toContain('\\"Ada\\"')
    expect(until).toBe(new Date(Date.parse(at) + revealMs).toISOString())
    const log = `${accountId}/supportLog/account.${accountId}`
    expect(id).toBe(`${log}/1`)
    expect((await k.events.load(log, "")).events).toMatchObject([
      { type: "PersonalValuesRevealed", data: { reason }, info: { actor: "support-person", time: at } },
    ])
    expect(k.track.find("support")).toHaveLength(1)
    expect(k.track.find(accountId)).toContain(k.track.find("support")[0])
  })

  test("stay masked without it", async () => {
    const { k, of } = await looked()
    const seen = await history(app, k.events, of, { actor: "support-person", now: at })
    expect(JSON.stringify(seen)).toContain("•••")
    expect(JSON.stringify(seen)).not.toContain("Ada")
  })

  test("are not shown to somebody else, of another aggregate, or later", async () => {
    const { k, ask, see } = await looked()
    const { reveal: id } = await ask()
    const other = randomUUID()
    await k.ask(request(account.OpenAccount({ accountId: other, name: "Other", slug: `o${other.slice(0, 8)}` }), ada))
    await expect(see(id, { actor: "another-person", now: at })).rejects.toThrow(NotRevealedError)
    const later = new Date(Date.parse(at) + revealMs).toISOString()
    await expect(see(id, { actor: "support-person", now: later })).rejects.toThrow(NotRevealedError)
    const elsewhere = { aggregate: "account", id: other }
    await expect(see(id, undefined, elsewhere)).rejects.toThrow(NotRevealedError)
    for (const made of ["made-up", `${id}0`, `${id?.slice(0, -1)}0`])
      await expect(see(made), made).rejects.toThrow(NotRevealedError)
  })

  test("are not shown for another thing that support did, or when it could not be recorded", async () => {
    const { k, accountId, see } = await looked()
    const stream = `${accountId}/account/${accountId}`
    const release = commands.ReleaseParkedWork({ log: logOf(stream), stream, cause: "c", since: at })
    const deed = { by: "support-person", stream, commandId: randomUUID() }
    const { stream: log, outcome } = await logSupport({ ...k.ports, track: k.track }, deed, release)
    expect(outcome.status).toBe("COMMITTED")
    await expect(see(`${log}/1`)).rejects.toThrow(NotRevealedError)
    const commit: typeof k.events.commit = async asked =>
      asked.decided.events.length > 0 ? { status: "conflict" } : k.events.commit(asked)
    const ports = { ...k.ports, track: k.track, events: { ...k.events, commit } }
    const asked = { aggregate: "account", id: accountId, reason }
    await expect(reveal(ports, asked, "support-person", randomUUID())).rejects.toThrow("still contended")
    expect(await reveal(ports, { ...asked, aggregate: "dragon" }, "support-person", randomUUID())).toMatchObject({
      rejection: { code: "AggregateUnknown", path: "id" },
    })
  })

  test("need a reason, and an aggregate to which something has happened", async () => {
    const { k, ask } = await looked()
    expect(await ask("support-person", "  hm  ")).toMatchObject({ rejection: { code: "Invalid", path: "reason" } })
    const nowhere = reveal(
      { ...k.ports, track: k.track },
      { aggregate: "account", id: randomUUID(), reason },
      "support-person",
      randomUUID(),
    )
    expect(await nowhere).toMatchObject({ rejection: { code: "AggregateUnknown" } })
  })
})
