import { randomUUID } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join as pathOf } from "node:path"
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, mails, openAccount, type Person, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

const tables = ["EventStore", "IdempotencyStore", "Outbox", "ViewStore", "TraceTable", "KeyTable"]
const mutation = `mutation ($subject: String!) { forget(subject: $subject) {
  subject forgottenAt purged { streams claims rows pointers letters } next
} }`
interface Certificate {
  readonly subject: string
  readonly forgottenAt: string
  readonly purged: { streams: number; claims: number; rows: number; pointers: number; letters: number }
  readonly next: string | null
}

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

/** What a file still says; in a journal that is the last change of each key, as the host reads it after a restart. */
function kept(file: string): string {
  const text = readFileSync(file, "utf8")
  if (!file.endsWith(".journal")) return text
  const changes = text
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line) as [string, unknown] | [string])
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
