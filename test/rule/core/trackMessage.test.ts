import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { commands as account } from "../../../src/contexts/accounts/account.ts"
import { commands as invitation } from "../../../src/contexts/accounts/invitation.ts"
import { commands as apiKey } from "../../../src/contexts/apiKeys/apiKey.ts"
import { app } from "../../../src/contexts/index.ts"
import { commandToCloudEvent, messagesOf } from "../../../src/core/cloudEvent.ts"
import type { BusMessage } from "../../../src/core/ports.ts"
import { trackMessage } from "../../../src/core/run/trackMessage.ts"
import { kernel, request } from "./kernel.ts"

const ada = "ada-000000000000000000000"

const asked = (
  command: Parameters<typeof request>[0],
  email?: string,
  context = "accounts",
): { message: BusMessage; request: ReturnType<typeof request> } => {
  const made = request(command, ada, email === undefined ? {} : { email })
  const event = { ...commandToCloudEvent(context, command, made.info), ...(email ? { actoremail: email } : {}) }
  return { message: { channel: "actor", event }, request: made }
}

describe("track & trace", () => {
  test("registers a command with its masked input, makes it findable and begins its receipt", async () => {
    const { track } = kernel()
    const accountId = randomUUID()
    const invitationId = randomUUID()
    const { message, request } = asked(
      invitation.InviteMember({ accountId, invitationId, email: "Bob@Example.org", role: "viewer" }),
      "ada@example.org",
    )
    const step = await trackMessage(app, track, message)
    expect(step).toMatchObject({
      step: "accepted",
      component: "accounts.InviteMember",
      data: { email: "•••", role: "viewer" },
    })
    for (const value of [invitationId, request.info.commandId, ada, "ADA@example.org", "bob@example.org"])
      expect(track.find(value), value).toEqual([step.traceId])
    expect(track.receipt(ada, request.info.commandId, accountId)).toMatchObject({
      status: "ACCEPTED",
      aggregateId: invitationId,
    })
  })

  test("makes a command findable by the first characters of a value, where its aggregate says so", async () => {
    const { track } = kernel()
    const accountId = randomUUID()
    const apiKeyId = "7c1a09ef-key-of-a-laptop"
    const { message } = asked(apiKey.RevokeApiKey({ accountId, apiKeyId }), undefined, "apiKeys")
    const { traceId } = await trackMessage(app, track, message)
    expect(track.find("7C1A09EF")).toEqual([traceId])
    expect(track.find("7c1a09")).toEqual([])
  })

  test("notes every event and every refusal of a command, caused by it", async () => {
    const k = kernel()
    const accountId = randomUUID()
    const open = account.OpenAccount({ accountId, name: "N", slug: "a-slug", displayName: "Ada" })
    await k.ask(request(open, ada))
    await k.ask(request(account.RemoveOwner({ accountId, personId: ada }), ada))
    for (const decided of k.events.outbox)
      for (const message of messagesOf(app, decided)) await trackMessage(app, k.track, message)
    const [opened, refused] = k.track.steps
    expect(opened).toMatchObject({
      step: "event",
      component: "accounts.AccountOpened",
      version: 1,
      data: { ownerName: "•••" },
    })
    expect(refused).toMatchObject({
      step: "rejected",
      component: "accounts.RemoveOwner",
      message: expect.stringContaining("LastOwner"),
    })
    expect(k.track.find("rejected")).toEqual([refused?.traceId])
    expect(refused?.causationId).toBe(k.events.outbox[1]?.info.id)
  })

  test("says that a command found everything already so", async () => {
    const k = kernel()
    const accountId = randomUUID()
    const open = account.OpenAccount({ accountId, name: "N", slug: "a-slug" })
    await k.ask(request(open, ada))
    await k.ask(request(open, ada))
    const [, again] = k.events.outbox
    for (const message of again === undefined ? [] : messagesOf(app, again)) await trackMessage(app, k.track, message)
    expect(k.track.steps).toMatchObject([{ step: "unchanged", message: "already so" }])
  })
})

describe("a step in a trace", () => {
  const accountId = randomUUID()
  const open = { accountId, name: "N", slug: "a-slug", displayName: "Ada" }
  const causation = { causationId: "cause" }

  test("of a command says what it asks and who asked, and what caused it when something did", async () => {
    const { track } = kernel()
    const made = request(account.OpenAccount(open), ada)
    const message = (info: object): BusMessage => ({
      channel: "actor",
      event: commandToCloudEvent("accounts", account.OpenAccount(open), { ...made.info, ...info }),
    })
    const plain = {
      traceId: made.info.traceId,
      step: "accepted",
      causeId: made.info.id,
      component: "accounts.OpenAccount",
      at: made.info.time,
      actor: ada,
      commandId: made.info.commandId,
      data: { ...open, displayName: "•••" },
    }
    expect(await trackMessage(app, track, message({}))).toStrictEqual(plain)
    expect(await trackMessage(app, track, message(causation))).toStrictEqual({ ...plain, ...causation })
  })

  test("of an event says what happened, and its first event makes the stream findable", async () => {
    const k = kernel()
    await k.ask(request(account.OpenAccount(open), ada))
    await k.ask(request(account.RenameAccount({ accountId, name: "Two" }), ada))
    const messages = k.events.outbox.flatMap(row => messagesOf(app, row))
    const [first, second] = messages as [BusMessage, BusMessage]
    const step = await trackMessage(app, k.track, second)
    expect(k.track.find(accountId)).toEqual([])
    await trackMessage(app, k.track, first)
    expect(k.track.find(accountId)).toEqual([first.event.traceid])
    const stream = `${accountId}/account/${accountId}`
    expect(step).toStrictEqual({
      traceId: second.event.traceid,
      step: "event",
      causeId: `${stream}/2`,
      component: "accounts.AccountRenamed",
      at: expect.any(String),
      actor: ada,
      commandId: second.event.commandid,
      stream,
      version: 2,
      causationId: k.events.outbox[1]?.info.id,
      data: second.event.data,
    })
    const { causationid: _, ...uncaused } = second.event
    expect(await trackMessage(app, k.track, { ...second, event: uncaused as BusMessage["event"] })).not.toHaveProperty(
      "causationId",
    )
  })

  test("of what this code does not know shows no values", async () => {
    const { track } = kernel()
    const made = request(account.OpenAccount(open), ada)
    const event = { ...commandToCloudEvent("gone", account.OpenAccount(open), made.info), type: "gone.OpenAccount" }
    const step = await trackMessage(app, track, { channel: "actor", event })
    expect(step).not.toHaveProperty("data")
    expect(track.find(made.info.commandId)).toEqual([made.info.traceId])
    expect(track.receipt(ada, made.info.commandId, ada)).not.toHaveProperty("aggregateId")
  })

  test("is found however its words are spelled", async () => {
    const { track } = kernel()
    const spelled = { ...open, slug: "a-slug", accountId: 7 as unknown as string }
    const made = request({ type: "OpenAccount", data: spelled }, ` ${ada.toUpperCase()} `)
    const event = commandToCloudEvent("accounts", { type: "OpenAccount", data: spelled }, made.info)
    await trackMessage(app, track, { channel: "actor", event })
    expect(track.find(ada)).toEqual([made.info.traceId])
    expect(track.find("7")).toEqual([])
    expect(track.find("undefined")).toEqual([])
  })

  test("of an outcome without events says how it ended", async () => {
    const k = kernel()
    await k.ask(request(account.OpenAccount(open), ada))
    await k.ask(request(account.OpenAccount(open), ada))
    const [, again] = k.events.outbox
    if (again === undefined) throw new Error("nothing was decided")
    const outcomes = [again.outcome, { status: "FAILED", reason: "It broke." } as const]
    for (const outcome of outcomes)
      for (const message of messagesOf(app, { ...again, outcome } as typeof again))
        await trackMessage(app, k.track, message)
    expect(k.track.steps.map(({ step, message, version }) => [step, message, version])).toEqual([
      ["unchanged", "already so", 1],
      ["failed", "It broke.", 0],
    ])
    expect(k.track.find("failed")).toEqual([again.info.traceId])
    expect(k.track.find("unchanged")).toEqual([])
  })
})
