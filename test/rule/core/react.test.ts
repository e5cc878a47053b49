import { describe, expect, test } from "vitest"
import { memoryTrack } from "../../../src/adapters/memory/track.ts"
import { sha256 } from "../../../src/adapters/secrets/secret.ts"
import { cancelExpiryOnInvitationAccepted } from "../../../src/contexts/accounts/cancelExpiryOnInvitationAccepted.ts"
import { expireInvitationWhenDue } from "../../../src/contexts/accounts/expireInvitationWhenDue.ts"
import { commands, invitation } from "../../../src/contexts/accounts/invitation.ts"
import { mailInvitationOnMemberInvited } from "../../../src/contexts/accounts/mailInvitationOnMemberInvited.ts"
import { app } from "../../../src/contexts/index.ts"
import type { StoredEvent } from "../../../src/core/aggregate.ts"
import type { AnyAutomation, ReactionInfo } from "../../../src/core/automation.ts"
import { cloudEventToCommand } from "../../../src/core/cloudEvent.ts"
import { ask, automation, outsideService, send } from "../../../src/core/index.ts"
import { hopsMax } from "../../../src/core/message.ts"
import type { CloudEvent } from "../../../src/core/ports.ts"
import { type EffectResult, type ReactionPorts, react } from "../../../src/core/run/react.ts"
import { derive, stored } from "../../scenario.ts"
import { accepted, invited } from "../accounts/facts.ts"

const [event] = stored(invitation, [invited]) as [StoredEvent]

function notifier(now = "2026-11-01T10:00:01.000Z", mailed: EffectResult = "performed") {
  const sent: { type: string; commandId: string; hops: number; causationId: string; automation: string }[] = []
  const mails: { key: string; promise: string }[] = []
  const timers = new Map<string, { at: string; message: CloudEvent }>()
  const track = memoryTrack()
  const ports: ReactionPorts = {
    app,
    track,
    views: { get: async () => undefined },
    sender: { send: async ({ type }, thread) => void sent.push({ type, ...thread }) },
    mail: async (_, key, promise) => {
      mails.push({ key, promise })
      return mailed
    },
    timers: {
      set: async (id, at, message) => void (timers.has(id) || timers.set(id, { at, message })),
      cancel: async id => void timers.delete(id),
    },
    outside: { ask: async () => ({ status: 0, body: {} }) },
    derive,
    hash: sha256,
    now: () => now,
  }
  return { ports, sent, mails, timers, track }
}

describe("a reaction", () => {
  test("sends its commands one hop further, caused by the event, with the same id on every delivery", async () => {
    const { ports, sent } = notifier()
    await react(ports, mailInvitationOnMemberInvited, event)
    await react(ports, mailInvitationOnMemberInvited, event)
    expect(sent).toHaveLength(2)
    expect(sent[0]).toMatchObject({
      type: "RecordInvitationSecret",
      hops: 1,
      causationId: event.info.id,
      automation: "mailInvitationOnMemberInvited",
    })
    expect(sent[1]?.commandId).toBe(sent[0]?.commandId)
  })

  test("has its effect under the promise that it declares, and says in the trace how it went", async () => {
    const { ports, mails, track } = notifier(undefined, "unknown")
    await react(ports, mailInvitationOnMemberInvited, event)
    expect(mails).toEqual([{ key: expect.any(String), promise: "atLeastOnce" }])
    expect(track.steps.find(({ step }) => step === "effect")?.message).toBe("mail: unknown")
  })

  test("to an event at the end of too long a chain is refused, visibly", async () => {
    const { ports, sent, mails, track } = notifier()
    await react(ports, mailInvitationOnMemberInvited, { ...event, info: { ...event.info, hops: hopsMax } })
    expect([...sent, ...mails]).toEqual([])
    expect(track.steps[0]?.message).toContain("refused")
  })

  test("to an event that this code does not know is skipped, visibly", async () => {
    const { ports, sent, track } = notifier()
    await react(ports, mailInvitationOnMemberInvited, { ...event, schemaVersion: 99 })
    expect(sent).toEqual([])
    expect(track.steps[0]?.message).toContain("skipped")
  })
})

describe("a timer", () => {
  test("is set once under a name of its stream, with a command that the domain can read", async () => {
    const { ports, timers } = notifier()
    await react(ports, expireInvitationWhenDue, event)
    await react(ports, expireInvitationWhenDue, event)
    expect(timers.size).toBe(1)
    const [timer] = timers.values()
    expect(timer?.at).toBe("2026-11-08T10:00:00.000Z")
    const command = cloudEventToCommand(timer?.message as CloudEvent)
    expect(command).toMatchObject({
      type: "accounts.ExpireInvitation",
      info: {
        hops: 1,
        time: timer?.at,
        tenant: event.info.tenant,
        actor: { kind: "automation" },
        causationId: event.info.id,
      },
    })
  })

  test("that is already due is sent at once", async () => {
    const { ports, sent, timers } = notifier("2026-12-01T00:00:00.000Z")
    await react(ports, expireInvitationWhenDue, event)
    expect(timers.size).toBe(0)
    expect(sent).toMatchObject([{ type: "ExpireInvitation" }])
  })
})

describe("a timer", () => {
  test("is due at its time, and is taken back under the name of its stream", async () => {
    const { ports, sent, timers, track } = notifier("2026-11-08T10:00:00.000Z")
    await react(ports, expireInvitationWhenDue, event)
    expect([timers.size, sent.length]).toEqual([0, 1])
    const early = notifier()
    await react(early.ports, expireInvitationWhenDue, event)
    expect([...early.timers.keys()]).not.toContain(undefined)
    const other = stored(invitation, [invited], undefined, "another-00000000000000001") as [StoredEvent]
    await react(early.ports, expireInvitationWhenDue, other[0])
    expect(early.timers.size).toBe(2)
    const [accepting] = stored(invitation, [accepted], undefined, "another-00000000000000001") as [StoredEvent]
    await react(early.ports, cancelExpiryOnInvitationAccepted, accepting)
    expect(early.timers.size).toBe(1)
    expect(early.track.steps.at(-1)?.message).toMatch(/^cancelled the timer /)
    expect(track.steps.at(-1)?.message).toBe("sent ExpireInvitation")
  })
})

describe("a reaction", () => {
  test("says in the trace what it is about, and numbers what it does", async () => {
    const { ports, track } = notifier()
    await react(ports, mailInvitationOnMemberInvited, event)
    expect(track.steps.map(({ attempt }) => attempt).sort()).toEqual([0, 1])
    expect(track.steps.find(({ step }) => step === "reaction")).toEqual({
      traceId: event.info.traceId,
      step: "reaction",
      causeId: event.info.id,
      component: "mailInvitationOnMemberInvited",
      attempt: expect.any(Number),
      at: "2026-11-01T10:00:01.000Z",
      message: "sent RecordInvitationSecret",
      commandId: event.info.commandId,
      stream: event.info.stream,
      version: 1,
    })
  })

  test("tells that its effect is unknown before it begins, and at least once is what nobody promised better", async () => {
    const { ports, track } = notifier()
    const { effects: _, ...plain } = mailInvitationOnMemberInvited
    const promised: string[] = []
    const mail: ReactionPorts["mail"] = async (_effect, _key, promise, begins) => {
      promised.push(promise)
      await begins()
      expect(track.steps.find(({ step }) => step === "effect")?.message).toBe("mail: unknown")
      return "performed"
    }
    await react({ ...ports, mail }, plain as AnyAutomation, event)
    expect(promised).toEqual(["atLeastOnce"])
    expect(track.steps.find(({ step }) => step === "effect")?.message).toBe("mail: performed")
  })

  test("sees the rows that it reads", async () => {
    const { ports } = notifier()
    const read: unknown[] = []
    const seen: unknown[] = []
    const views: ReactionPorts["views"] = {
      get: async key => {
        read.push(key)
        return { ...key, row: { name: "Lab" }, source: "s", version: 1 }
      },
    }
    const looking: AnyAutomation = {
      ...(mailInvitationOnMemberInvited as AnyAutomation),
      react: (_: unknown, { rows }: ReactionInfo) => {
        seen.push(rows)
        return []
      },
    }
    await react({ ...ports, views }, looking, event)
    expect(seen).toEqual([{ account: { name: "Lab" } }])
    expect(read).toEqual([{ partition: `${invited.data.accountId}/account.1`, sort: "." }])
  })

  test("to an event of an aggregate that is gone is skipped, visibly", async () => {
    const { ports, track } = notifier()
    await react(ports, mailInvitationOnMemberInvited, { ...event, info: { ...event.info, stream: "t/gone/1" } })
    expect(track.steps[0]?.message).toContain("skipped")
  })
})

describe("a question to a service outside", () => {
  const cell = outsideService({ name: "cell", description: "Runs things.", promise: "idempotentProvider" })
  const asking = automation({
    name: "askOnMemberInvited",
    description: "When a member is invited, ask the cell.",
    on: mailInvitationOnMemberInvited.on,
    sends: mailInvitationOnMemberInvited.sends,
    asks: [cell],
    react: ({ accountId, invitationId }) => [
      ask(cell, { method: "PUT", path: "/x" }, ({ status }) => [
        send(commands.RecordInvitationSecret({ accountId, invitationId, secretHash: `answer ${status}` })),
      ]),
    ],
  })

  test("has the same key on every delivery; what follows from the same answer has the same id, from another one another", async () => {
    const { ports, sent, track } = notifier()
    const keys: string[] = []
    const answers = [200, 200, 503]
    const outside = {
      ask: async (_service: unknown, _question: unknown, key: string) => {
        keys.push(key)
        return { status: answers[keys.length - 1] ?? 0, body: {} }
      },
    }
    for (const _ of answers) await react({ ...ports, outside }, asking, event)
    expect(new Set(keys).size).toBe(1)
    expect(sent[1]?.commandId).toBe(sent[0]?.commandId)
    expect(sent[2]?.commandId).not.toBe(sent[0]?.commandId)
    expect(track.steps.map(({ message }) => message)).toContain("asked cell PUT /x: 503")
  })

  test("that gets no answer says so in the trace", async () => {
    const { ports, track } = notifier()
    await react(ports, asking, event)
    expect(track.steps.map(({ message }) => message)).toContain("asked cell PUT /x: no answer")
  })
})
