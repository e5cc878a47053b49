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
