/** Takes the pictures of docs/console: `npx tsx test/browser/screenshots.ts [name …]`. Look at them afterwards. */
import { randomUUID } from "node:crypto"
import { mkdirSync } from "node:fs"
import { join as path } from "node:path"
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import type { Browser, Page } from "playwright-core"
import type { RunningHost } from "../../src/host/options.ts"
import { root } from "../localHost.ts"
import type { Cloud } from "../slice/cloud.ts"
import { eventually, join, type Person, signedIn } from "../slice/person.ts"
import { cloudPictures, furnish } from "./cloudPictures.ts"
import { dialog, go, heading, openBrowser, row, startCloudConsole, visit, visitAs } from "./console.ts"
import { plantSecondEvent } from "./plant.ts"

const folder = path(root, "docs", "console")
const wanted = process.argv.slice(2)
const settleMs = 700

interface Story {
  readonly running: RunningHost
  readonly accountId: string
  readonly bewitchedId: string
  readonly traceId: string
}

/** What the pictures show: an account with people in it, and requests that went well, were refused, failed and wait. */
async function tell(cloud: Cloud): Promise<Story> {
  const { running } = cloud
  const [owner, member, outsider] = (await Promise.all(
    ["owner", "member", "outsider"].map(name => signedIn(running, name)),
  )) as [Person, Person, Person]
  const open = async (who: Person, name: string, slug: string, displayName: string) => {
    const accountId = randomUUID()
    await who.run("openAccount", { accountId, name, slug, displayName })
    return accountId
  }
  const accountId = await open(owner, "Weather Lab", "weather-lab", "Olivia Owner")
  await open(owner, "Harbour Office", "harbour-office", "Olivia Owner")
  const closed = await open(owner, "Tide Tables", "tide-tables", "Olivia Owner")
  await owner.run("closeAccount", { accountId: closed })
  const invitation = { accountId, invitationId: randomUUID(), email: member.email, role: "admin" }
  const { traceId } = await owner.run("inviteMember", invitation)
  await member.run("acceptInvitation", {
    accountId,
    invitationId: invitation.invitationId,
    displayName: "Mia Member",
  })
  await owner.run("inviteMember", { accountId, email: "sofia@example.org", role: "viewer" })
  await owner.run("inviteMember", { accountId, email: "jonas@example.org", role: "member" })
  const theirs = await open(outsider, "Island Survey", "island-survey", "Oskar Outsider")
  await outsider.run("inviteMember", { accountId: theirs, email: owner.email, role: "member" })
  await join(outsider, member, theirs, "viewer")
  await owner.run("renameAccount", { accountId, name: "Weather Lab", slug: "island-survey" })
  await owner.run("renameAccount", { accountId, name: "Weather and Sea Lab", slug: "weather-lab" })
  await owner.run("renameAccount", { accountId, name: "Too late", expectedVersion: 1 })
  await fail(running, accountId)

  const support = await signedIn(running, "support")
  const revealing =
    'mutation ($id: ID!, $reason: String!) { reveal(aggregate: "account", id: $id, reason: $reason) { reveal } }'
  await support.ask("reveal", revealing, { id: accountId, reason: "Ticket 4711: the owner asks how they are called" })

  const bewitchedId = await open(owner, "Buoy Watch", "buoy-watch", "Olivia Owner")
  await plantSecondEvent(running, bewitchedId, "BuoyMoored", {})
  for (const name of ["Buoy and Tide Watch", "Buoy Watch North"]) {
    const commandId = randomUUID()
    await owner.send("renameAccount", { accountId: bewitchedId, name, commandId })
    await eventually("the parked receipt", async () => (await owner.receipt(commandId))?.status === "PARKED")
  }
  await furnish(cloud, owner, accountId)
  return { running, accountId, bewitchedId, traceId }
}

/** Lets a command fail for good, as when its function gave it up. */
async function fail(running: RunningHost, accountId: string) {
  const { local } = running
  const find = (pattern: RegExp) => Object.entries(local.resources).find(([name]) => pattern.test(name))?.[1] ?? ""
  const sqs = new SQSClient({
    endpoint: local.endpointUrl,
    region: local.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  })
  const decider = find(/DomainBehavior.*Decider.*Function/)
  const detail = {
    specversion: "1.0",
    id: randomUUID(),
    source: "/foldline/accounts",
    type: "accounts.RenameAccount",
    time: new Date().toISOString(),
    datacontenttype: "application/json",
    dataschema: "urn:foldline:accounts:RenameAccount:1",
    data: { accountId, name: "Never" },
    commandid: randomUUID(),
    actor: randomUUID(),
    actorkind: "person",
    tenant: accountId,
    traceid: randomUUID(),
    hops: 0,
  }
  const letter = {
    version: "1.0",
    requestContext: {
      functionArn: `arn:aws:lambda:${local.region}:000000000000:function:${decider}:$LATEST`,
      condition: "RetriesExhausted",
    },
    requestPayload: { source: "foldline.actor", detail },
    responsePayload: { errorType: "Error", errorMessage: "the store did not answer" },
  }
  await sqs.send(new SendMessageCommand({ QueueUrl: find(/\.DeadLetters$/), MessageBody: JSON.stringify(letter) }))
}

type Picture = readonly [name: string, who: string, prepare: (page: Page, story: Story) => Promise<unknown>]

const trace = async (page: Page, { traceId }: Story) => {
  await go(page, `/support/trace/${traceId}`)
  await heading(page, "InviteMember").waitFor()
}
const reveal = async (page: Page) => {
  await page.getByRole("button", { name: "Reveal personal values" }).click()
  await dialog(page).getByLabel("Reason").fill("Ticket 4711: the owner asks how they are called here")
}
const aggregate = async (page: Page, { accountId }: Story) => {
  await go(page, `/support/aggregate/${accountId}/account/${accountId}`)
  await page.getByRole("heading", { name: "State at version 2" }).waitFor()
}

const pictures: readonly Picture[] = [
  ["accounts", "owner", page => page.getByRole("link", { name: "Harbour Office" }).waitFor()],
  [
    "account",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}`)
      await row(page, "jonas@example.org").waitFor()
    },
  ],
  [
    "refused",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}`)
      await page.getByRole("button", { name: "Rename" }).click()
      await dialog(page).getByLabel("Slug").fill("island-survey")
      await dialog(page).getByRole("button", { name: "Rename" }).click()
      await dialog(page).getByText("Another account has this slug.").waitFor()
    },
  ],
  [
    "model",
    "owner",
    async page => {
      await go(page, "/model")
      await page.getByRole("button", { name: "AccountRenamed" }).click()
    },
  ],
  [
    "requests",
    "support",
    async page => {
      await go(page, "/support")
      await page.getByText("SlugTaken").first().waitFor()
    },
  ],
  ["trace", "support", trace],
  [
    "step",
    "support",
    async (page, story) => {
      await trace(page, story)
      await page.getByRole("button", { name: "MemberInvited", exact: true }).click()
    },
  ],
  [
    "waits",
    "support",
    async page => {
      await go(page, "/support/find/buoy-watch")
      await go(page, "/support/find/owner@example.org")
      await row(page, "Parked").getByRole("link").first().click()
      await page.getByText("This request waits").waitFor()
    },
  ],
  ["aggregate", "support", aggregate],
  [
    "reveal",
    "support",
    async (page, story) => {
      await aggregate(page, story)
      await reveal(page)
    },
  ],
  [
    "revealed",
    "support",
    async (page, story) => {
      await aggregate(page, story)
      await reveal(page)
      await dialog(page).getByRole("button", { name: "Reveal" }).click()
      await page.getByText("Olivia Owner").first().waitFor()
    },
  ],
  [
    "parked",
    "support",
    async page => {
      await go(page, "/support/parked")
      await page.getByText("BuoyMoored v1 is not known").waitFor()
    },
  ],
  [
    "release",
    "support",
    async (page, story) => {
      await plantSecondEvent(story.running, story.bewitchedId, "AccountRenamed", {
        accountId: story.bewitchedId,
        name: "Buoy Watch South",
        slug: "buoy-watch",
      })
      await go(page, "/support/parked")
      await page.getByRole("button", { name: "Rehearse and release" }).click()
      await dialog(page).getByText("The rehearsal passed").waitFor()
    },
  ],
  [
    "activity",
    "support",
    async page => {
      await go(page, "/support/activity")
      await row(page, "Ticket 4711").first().waitFor()
    },
  ],
  ...cloudPictures,
]

const entrance = async (page: Page) => {
  await page.getByRole("heading", { name: "Sign in" }).waitFor()
}

async function take(browser: Browser, story: Story) {
  const keep = async (page: Page, name: string) => {
    await page.waitForTimeout(settleMs)
    await page.screenshot({ path: path(folder, `${name}.png`), animations: "disabled" })
    console.log(name)
  }
  const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name)
  for (const colorScheme of ["light", "dark"] as const) {
    const look = { colorScheme, viewport: { width: 1280, height: 900 } }
    if (isWanted("sign-in")) {
      const { page } = await visit(browser, story.running.url, look)
      await entrance(page)
      await keep(page, `sign-in-${colorScheme}`)
      await page.context().close()
    }
    for (const [name, who, prepare] of pictures.filter(([one]) => isWanted(one))) {
      const { page } = await visitAs(browser, story.running, who, look)
      await prepare(page, story)
      await keep(page, `${name}-${colorScheme}`)
      await page.context().close()
    }
  }
  const phone = { colorScheme: "dark" as const, viewport: { width: 390, height: 844 } }
  for (const [name, who, prepare] of pictures.filter(
    ([one]) => ["account", "trace", "indexes", "create-index"].includes(one) && isWanted("phone"),
  )) {
    const { page } = await visitAs(browser, story.running, who, phone)
    await prepare(page, story)
    await keep(page, `phone-${name}`)
    await page.context().close()
  }
}

mkdirSync(folder, { recursive: true })
const [cloud, browser] = await Promise.all([startCloudConsole(), openBrowser()])
try {
  await take(browser, await tell(cloud))
} finally {
  await browser.close()
  await cloud.stop()
}
