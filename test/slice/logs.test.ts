import { randomUUID } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join as pathOf } from "node:path"
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge"
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import { PutCommand } from "@aws-sdk/lib-dynamodb"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Fault, Hop } from "../../src/host/host.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { demoUsers, startLocalHost } from "../localHost.ts"
import { eventually, mails, signedIn } from "./person.ts"
import { storesOf } from "./stores.ts"

const dataFolder = mkdtempSync(pathOf(tmpdir(), "foldline-logs-"))
let plan: (hop: Hop, messageId: string, attempt: number) => Fault | undefined = () => undefined
let running: RunningHost
beforeAll(async () => {
  running = await startLocalHost({
    dataFolder,
    speed: 20,
    faults: { at: (hop, id, attempt) => plan(hop, id, attempt) },
  })
}, 120_000)
afterAll(async () => {
  await running?.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

/** Every kind of call fails once in some way, and functions die, so that they say what they say then. */
const trouble = (hop: Hop, id: string, attempt: number): Fault | undefined => {
  if (hop === "sdk" && attempt === 1) {
    if (id.startsWith("ses|")) return { kind: "kill", when: "before" }
    return id.length % 5 === 0 ? { kind: "throttle" } : id.length % 7 === 0 ? { kind: "loseAck" } : undefined
  }
  return hop === "lambda" && attempt === 1 && id.length % 3 === 0 ? { kind: "timeout" } : undefined
}

test("no function's log has a personal value or a secret, whatever goes well or wrong", async () => {
  const [owner, outsider, support] = await Promise.all([
    signedIn(running, "owner"),
    signedIn(running, "outsider"),
    signedIn(running, "support"),
  ])
  plan = trouble
  const accountId = randomUUID()
  const invitationId = randomUUID()
  const name = `Ada-${randomUUID().slice(0, 8)}`
  const joined = `Grace-${randomUUID().slice(0, 8)}`
  const invited = `hopper.${randomUUID().slice(0, 8)}@example.net`
  const guess = `guess-${randomUUID()}`
  const astray = `astray.${randomUUID().slice(0, 8)}@example.net`

  await owner.run("openAccount", { accountId, name: "Logs", slug: `l-${accountId.slice(0, 8)}`, displayName: name })
  await owner.run("inviteMember", { accountId, invitationId, email: invited, role: "viewer" })
  const mail = await eventually("the mail", async () =>
    (await mails(running)).find(({ text }) => text.includes(invitationId)),
  )
  const secret = /Secret: (\S+)/.exec(mail.text)?.[1] ?? ""
  await outsider.run("acceptInvitation", { accountId, invitationId, secret: guess, displayName: joined })
  await eventually("the secret to be known", async () => {
    const { status } = await outsider.run("acceptInvitation", { accountId, invitationId, secret, displayName: joined })
    return status === "PROJECTED"
  })

  // A command that no aggregate decides, and a row that nobody can read, each with something personal in it.
  const { settings, client, named } = storesOf(running)
  await new EventBridgeClient(settings).send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: named("Bus"),
          Source: "foldline.actor",
          DetailType: "accounts.Bewitch",
          Detail: JSON.stringify({ id: randomUUID(), type: "accounts.Bewitch", data: { email: astray } }),
        },
      ],
    }),
  )
  const stream = `${accountId}/account/${accountId}`
  const decided = JSON.stringify({ stream, events: 7, info: { email: astray } })
  await client.send(
    new PutCommand({
      TableName: named("Outbox"),
      Item: { stream, command: "t/a/b", decided, at: new Date().toISOString(), pending: "0" },
    }),
  )
  const log = () => readFileSync(pathOf(dataFolder, "lambda.log"), "utf8")
  await eventually("the row to be set aside", async () => log().includes("an outbox row is set aside"))
  await eventually("the command to be refused", async () => /Bewitch|has no /.test(log()))
  plan = () => undefined
  await support.ask("forget", "mutation ($subject: String!) { forget(subject: $subject) { forgottenAt } }", {
    subject: invited,
  })

  const secrets = new SecretsManagerClient(settings)
  const { SecretString: appSecret = "" } = await secrets.send(
    new GetSecretValueCommand({ SecretId: named("AppSecret") }),
  )
  const hidden = {
    ...{ name, joined, invited, guess, secret, astray, appSecret },
    addresses: owner.email,
    password: demoUsers[0]?.password ?? "",
    token: owner.token,
    apiKey: running.local.apiKey ?? "",
  }
  for (const value of Object.values(hidden)) expect(value.length).toBeGreaterThan(6)
  const lines = log().split("\n")
  expect(lines.length).toBeGreaterThan(50)
  expect(lines.filter(line => /Status: error/.test(line)).length).toBeGreaterThan(0)
  const found = Object.entries(hidden).filter(([, value]) =>
    [value, encodeURIComponent(value), Buffer.from(value).toString("base64").replace(/=+$/, "")].some(text =>
      log().includes(text),
    ),
  )
  expect(found.map(([what]) => what)).toEqual([])
})
