import { randomUUID } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join as pathOf } from "node:path"
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { PutCommand } from "@aws-sdk/lib-dynamodb"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, mails, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

const tables = ["EventStore", "IdempotencyStore", "Outbox", "ViewStore", "TraceTable", "KeyTable"]
const counts = "streams claims rows pointers letters waiting"
const mutation = `mutation ($subject: String!) { forget(subject: $subject) {
  subject also forgottenAt purged { ${counts} } cameBack { ${counts} } unreached next
} }`
type Purged = Record<"streams" | "claims" | "rows" | "pointers" | "letters" | "waiting", number>
interface Certificate {
  readonly subject: string
  readonly also: readonly string[]
  readonly forgottenAt: string
  readonly purged: Purged
  readonly cameBack: Purged
  readonly unreached: readonly string[]
  readonly next: string | null
}
const nothing: Purged = { streams: 0, claims: 0, rows: 0, pointers: 0, letters: 0, waiting: 0 }

const dataFolder = mkdtempSync(pathOf(tmpdir(), "foldline-forget-"))
let running: RunningHost
let owner: Person
let support: Person
const address = `grace.${randomUUID().slice(0, 8)}@example.net`
const name = `Grace-${randomUUID().slice(0, 8)}`

beforeAll(async () => {
  running = await startLocalHost({ dataFolder })
  ;[owner, support] = (await Promise.all(["owner", "support"].map(one => signedIn(running, one)))) as [Person, Person]
}, 120_000)
afterAll(async () => {
  await running?.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

type Change = readonly [string, unknown] | readonly [string]

/** What a file still says; in a journal that is the last change of each key, as the host reads it after a restart. */
function kept(file: string): string {
  const text = readFileSync(file, "utf8")
  if (!file.endsWith(".journal")) return text
  const changes = text
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line) as Change | readonly Change[])
    .flatMap(written => (typeof written[0] === "string" ? [written as Change] : (written as readonly Change[])))
  const last = new Map(changes.map(([key, ...value]) => [key, value]))
  return JSON.stringify([...last.values()])
}

/** The mailbox stands for the world outside; tables are read through DynamoDB. */
const outside = /^(?:mail|dynamo)/

/** Where a text stands in plain: in a table, in what the host keeps of queues, in the log of the functions. */
async function whereIs(text: string): Promise<readonly string[]> {
  const stores = storesOf(running)
  const found = await Promise.all(tables.map(async table => [table, JSON.stringify(await stores.all(table))] as const))
  const files = readdirSync(dataFolder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !outside.test(entry.name))
    .map(entry => pathOf(entry.parentPath, entry.name))
  const contents = files.map(file => [file, kept(file)] as const)
  return [...found, ...contents].filter(([, content]) => content.includes(text)).map(([where]) => where)
}

/** Leaves a letter in the queue of those that even the caretaker could not handle. */
async function sendDeadLetter(MessageBody: string) {
  const { settings, named } = storesOf(running)
  const sqs = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false })
  await sqs.send(new SendMessageCommand({ QueueUrl: named("UnhandledLetters"), MessageBody }))
}

describe("to forget an address that was invited", () => {
  let accountId: string
  let certificate: Certificate
  let warm: ReturnType<typeof storesOf> | undefined
  const invitationId = randomUUID()

  beforeAll(async () => {
    accountId = await openAccount(owner, "Forgetful")
    await owner.run("inviteMember", { accountId, invitationId, email: address, role: "viewer" })
    await eventually("the mail", async () => (await mails(running)).some(({ to }) => to.includes(address)))
    await sendDeadLetter(JSON.stringify({ detail: { data: { email: address } } }))
    await sendDeadLetter(JSON.stringify({ detail: { data: { email: "somebody.else@example.net" } } }))
    await eventually("its pointer", async () =>
      (await storesOf(running).all("TraceTable")).some(({ id }) => id === `find/${address}`),
    )
  })

  /** The address in the event, read by a function that stays warm. */
  const invitedAddress = async () => {
    warm ??= storesOf(running)
    for await (const event of warm.events.read(`${accountId}/invitation/${invitationId}`, 1))
      return (event.data.email as { value: string | null }).value
    return undefined
  }

  test("needs the support group", async () => {
    const { errors } = await owner.graphql(mutation, { subject: address })
    expect(errors?.[0]?.errorType).toBe("Unauthorized")
  })

  test("gives a certificate that does not say whose, and leaves the address nowhere", async () => {
    expect(await whereIs(address)).toEqual(expect.arrayContaining(["EventStore", "TraceTable"]))
    expect(await invitedAddress()).toBe(address)
    certificate = await support.ask<Certificate>("forget", mutation, { subject: address })
    expect(certificate).toMatchObject({ next: null, purged: { streams: 1, claims: 1, pointers: 1, letters: 1 } })
    expect(certificate.purged.rows).toBeGreaterThan(1)
    expect(certificate.cameBack).toEqual(nothing)
    expect(certificate.unreached).toContain("mails that were sent")
    expect(JSON.stringify(certificate)).not.toContain("grace")
    expect(await whereIs(address)).toEqual([])
    expect(await whereIs(encodeURIComponent(address))).toEqual([])
  })

  test("keeps the data key destroyed, also for a function that has it in memory", async () => {
    expect(await invitedAddress()).toBeNull()
  })

  test("is the same the second time, and finds nothing left", async () => {
    const again = await support.ask<Certificate>("forget", mutation, { subject: address.toUpperCase() })
    expect(again.forgottenAt).toBe(certificate.forgottenAt)
    expect(again.subject).toBe(certificate.subject)
    expect(again.purged).toMatchObject({ claims: 0, rows: 0, pointers: 0 })
  })

  test("makes a later invitation of it a refusal with a name, and of anybody else none", async () => {
    const invite = (email: string) =>
      owner.run("inviteMember", { accountId, invitationId: randomUUID(), email, role: "viewer" })
    expect(await invite(address.toUpperCase())).toMatchObject({
      status: "REJECTED",
      rejection: { code: "SubjectForgotten" },
    })
    expect(await invite(`new.${address}`)).toMatchObject({ status: "PROJECTED" })
  })

  test("lets the account go on", async () => {
    expect((await owner.run("renameAccount", { accountId, name: "Still here" })).status).toBe("PROJECTED")
  })
})

test("to forget a person takes the name out of every row", async () => {
  const accountId = randomUUID()
  await owner.run("openAccount", { accountId, name: "Named", slug: `f-${accountId.slice(0, 8)}`, displayName: name })
  const ask = () =>
    owner.ask<{ members: { items: { personId: string; name: string | null }[] } }>(
      "account",
      "query ($accountId: ID!) { account(accountId: $accountId) { members { items { personId name } } } }",
      { accountId },
    )
  const [before] = (await ask()).members.items
  expect(before?.name).toBe(name)
  await support.ask<Certificate>("forget", mutation, { subject: before?.personId })
  expect((await ask()).members.items).toEqual([{ personId: before?.personId, name: null }])
  expect(await whereIs(name)).toEqual([])
})

test("to forget a person forgets the verified address, and ends what waits of theirs", async () => {
  const member = await signedIn(running, "member")
  const accountId = await openAccount(member, "Of a member")
  const stream = `${accountId}/account/${accountId}`
  const { client, named, cipher } = storesOf(running)
  const [opened] = (await storesOf(running).all("EventStore")).filter(item => item.stream === stream)
  await client.send(
    new PutCommand({
      TableName: named("EventStore"),
      Item: { ...opened, version: 2, type: "AccountBewitched", data: "{}", directory: undefined },
    }),
  )
  const commandId = randomUUID()
  await member.send("inviteMember", { accountId, invitationId: randomUUID(), email: `x.${address}`, role: "viewer" })
  await member.send("renameAccount", { accountId, name: "Waits", commandId })
  await eventually("it to wait", async () => (await member.receipt(commandId))?.status === "PARKED")

  const personId = String(opened?.actor)
  const certificate = await support.ask<Certificate>("forget", mutation, { subject: personId })
  expect(certificate.also).toHaveLength(1)
  expect(certificate.purged.waiting).toBeGreaterThanOrEqual(1)
  expect(certificate.cameBack).toEqual(nothing)
  expect(await member.settled(commandId)).toMatchObject({
    status: "FAILED",
    reason: expect.stringContaining("forgotten"),
  })
  const shredded = (await storesOf(running).all("KeyTable")).filter(({ forgottenAt }) => forgottenAt !== undefined)
  expect(shredded.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining([personId, cipher.nameOf(`email:${member.email}`)]),
  )
  const waits = (await storesOf(running).all("Outbox")).filter(
    row => row.stream === stream && String(row.command).startsWith("parked/"),
  )
  expect(waits.map(({ command }) => String(command).split("/")[2])).not.toContain(personId)
})
