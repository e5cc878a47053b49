import { describe, expect, test } from "vitest"
import { app } from "../../../src/contexts/index.ts"
import { cloudEventToCommand } from "../../../src/core/cloudEvent.ts"
import type { CloudEvent } from "../../../src/core/ports.ts"
import { type Answered, accountId, alice, memberAs, noMember, runField } from "./pipeline.ts"

const accepted = { publishCommand: { Entries: [{ EventId: "e-1" }], FailedEntryCount: 0 } }
const input = { name: "Acme", slug: "acme" }
const commandId = "01JCOMMAND0000000000000000"
const thread = { traceId: "01JTRACE000000000000000000", causationId: "a/b/c/1", hops: 2, automation: "makeOwner" }

const published = ({ asked }: Answered) => {
  const request = asked.find(one => one.function === "publishCommand") as unknown as {
    events: { detail: CloudEvent }[]
  }
  return request?.events[0]?.detail
}

describe("a command", () => {
  test("is published as the kernel reads it, and answered with a receipt", () => {
    const result = runField(
      "Mutation.openAccount",
      {
        args: { input: { ...input, commandId, expectedVersion: 0 } },
        groups: ["support", "staff"],
        claims: { email: "Alice@Example.org", email_verified: true },
      },
      accepted,
    )
    const detail = published(result)
    expect(detail && cloudEventToCommand(detail)).toEqual({
      type: "accounts.OpenAccount",
      data: input,
      expectedVersion: 0,
      info: {
        id: expect.stringMatching(/^[0-9A-Z]{26}$/),
        traceId: expect.stringMatching(/^[0-9A-Z]{26}$/),
        hops: 0,
        commandId,
        tenant: alice,
        time: "2026-01-01T12:00:00.000Z",
        actor: { id: alice, kind: "person", email: "alice@example.org", groups: ["support", "staff"] },
      },
    })
    expect(detail).toMatchObject({
      specversion: "1.0",
      source: "/foldline/accounts",
      dataschema: "urn:foldline:accounts:OpenAccount:1",
      datacontenttype: "application/json",
    })
    expect(result.asked[0]).toMatchObject({
      operation: "PutEvents",
      events: [{ source: "foldline.actor", detailType: "accounts.OpenAccount" }],
    })
    expect(result.value).toMatchObject({
      commandId,
      traceId: detail?.traceid,
      status: "ACCEPTED",
      actor: alice,
      tenant: alice,
      protected: true,
      duplicate: false,
    })
  })

  test("without a command id is given one, and says that it is not protected", () => {
    const { value } = runField("Mutation.openAccount", { args: { input } }, accepted)
    expect(value).toMatchObject({ commandId: expect.stringMatching(/^[0-9A-Z]{26}$/), protected: false })
  })

  test("with a malformed command id is refused", () => {
    const { error } = runField("Mutation.openAccount", { args: { input: { ...input, commandId: "short" } } }, accepted)
    expect(error?.errorType).toBe("InvalidCommandId")
  })

  test("that is too large is refused before it is published", () => {
    const { error, asked } = runField("Mutation.openAccount", {
      args: { input: { ...input, name: "x".repeat(200_000) } },
    })
    expect(error?.errorType).toBe("TooLarge")
    expect(asked).toEqual([])
  })

  test("that the bus does not take is an error", () => {
    const full = {
      publishCommand: { Entries: [{ ErrorCode: "Throttled", ErrorMessage: "slow down" }], FailedEntryCount: 1 },
    }
    expect(runField("Mutation.openAccount", { args: { input } }, full).error?.errorType).toBe("NotAccepted")
  })

  test("treats null like an absent field", () => {
    const result = runField("Mutation.openAccount", { args: { input: { ...input, displayName: null } } }, accepted)
    expect(published(result)?.data).toEqual(input)
  })

  test("counts an address only when the pool verified it", () => {
    const claims = { email: "alice@example.org", email_verified: "false" }
    expect(published(runField("Mutation.openAccount", { args: { input }, claims }, accepted))).not.toHaveProperty(
      "actoremail",
    )
  })
})

describe("a command for members", () => {
  const rename = { args: { input: { accountId, name: "Acme" } } }

  test("reads the caller's membership by key, and belongs to the tenant", () => {
    const result = runField("Mutation.renameAccount", rename, { ...accepted, authorizeRequest: memberAs("admin") })
    expect(result.asked[0]).toMatchObject({
      function: "authorizeRequest",
      operation: "Query",
      consistentRead: true,
      query: {
        expressionValues: { ":partition": { S: `${alice}/myAccounts.1` }, ":sort": { S: `${accountId}/` } },
      },
    })
    expect(published(result)).toMatchObject({ tenant: accountId, subject: accountId })
  })

  test.each([
    ["a member with too weak a role", memberAs("member")],
    ["a stranger", noMember],
  ])("is refused to %s", (_, authorizeRequest) => {
    const { error, asked } = runField("Mutation.renameAccount", rename, { ...accepted, authorizeRequest })
    expect(error?.errorType).toBe("Unauthorized")
    expect(asked.map(one => one.function)).toEqual(["authorizeRequest"])
  })

  test("needs no membership when the caller asks for themselves", () => {
    const { asked } = runField("Mutation.removeMember", { args: { input: { accountId, personId: alice } } }, accepted)
    expect(asked.map(one => one.function)).toEqual(["publishCommand"])
  })
})

describe("a command of an automation", () => {
  const join = { input: { accountId, personId: alice, role: "member", commandId } }

  test("continues the trace of its event", () => {
    const result = runField("Mutation.joinAccount", { mode: "AWS_IAM", args: { ...join, thread } }, accepted)
    expect(published(result)).toMatchObject({
      actor: "automation:makeOwner",
      actorkind: "automation",
      traceid: thread.traceId,
      causationid: thread.causationId,
      hops: 2,
      tenant: accountId,
    })
  })

  test.each([
    ["without a thread", "Mutation.joinAccount", { mode: "AWS_IAM" as const, args: join }],
    ["when a person sends it", "Mutation.joinAccount", { args: join }],
    ["when a person sends a thread", "Mutation.openAccount", { args: { input, thread } }],
    ["when it is for people", "Mutation.openAccount", { mode: "AWS_IAM" as const, args: { input, thread } }],
    ["when nobody signed in", "Mutation.openAccount", { mode: "API_KEY" as const, args: { input } }],
  ])("is refused %s", (_, field, call) => {
    expect(runField(field, call, accepted).error?.errorType).toBe("Unauthorized")
  })
})

test("every command has a mutation", () => {
  const names = app.contexts.flatMap(context =>
    context.aggregates.flatMap(aggregate => Object.keys(aggregate.commands)),
  )
  for (const name of names)
    expect(() =>
      runField(`Mutation.${name.charAt(0).toLowerCase()}${name.slice(1)}`, { args: { input: {} } }),
    ).not.toThrow()
})
