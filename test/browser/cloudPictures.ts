import { randomBytes } from "node:crypto"
import type { Page } from "playwright-core"
import { type Cloud, program } from "../slice/cloud.ts"
import { eventually, type Person } from "../slice/person.ts"
import { dialog, go } from "./console.ts"
import { customerOf, makeIndex, statusOf } from "./furnish.ts"

const dayMs = 86_400_000

/** Gives an account indexes in every state, keys, invoices and an integration. */
export async function furnish(cloud: Cloud, owner: Person, accountId: string): Promise<void> {
  const { running, cell, stripe } = cloud
  const make = (name: string, settings = {}) => makeIndex(owner, accountId, name, settings)
  await Promise.all([
    make("forecasts", {
      storageClass: "marqo.balanced",
      numberOfShards: 2,
      numberOfReplicas: 1,
      numberOfInferences: 2,
    }),
    make("observations"),
  ])
  await owner.run("modifyIndex", { accountId, indexName: "observations", settings: '{ "numberOfInferences": 0 }' })
  await eventually("the pause", async () => (await statusOf(owner, accountId, "observations")) === "READY")
  cell.behaviour.refuses = /^satellite/
  await make("satellite-images", { model: "open_clip/ViT-L-14/laion2b_s32b_b82k", treatUrlsAndPointersAsImages: true })
  cell.behaviour.transitionMs = dayMs
  await owner.run("createIndex", { accountId, indexName: "tide-tables" })

  const [apiKeyId, secret] = ["3f9c2a71-5b0e-4d6f-9a57-1c8e4f2b7d10", randomBytes(24).toString("base64url")]
  await owner.run("createApiKey", { accountId, apiKeyId, name: "forecast service", scope: "read_write", secret })
  await program(running.local.restUrl ?? "", `${apiKeyId}.${secret}`)("GET", "/api/v2/indexes")
  await owner.run("enableDatadog", { accountId, site: "datadoghq.eu", apiKey: "datadog-key-0123456789abcdef0123" })

  const customer = await customerOf(owner, accountId)
  for (const [id, state, amount] of [
    ["in_1Q2kA9Lx", "paid", 128_430],
    ["in_1Q7rB3Mz", "open", 131_205],
  ] as const)
    await stripe.tell(`${running.local.restUrl}/hooks/stripe`, {
      type: `invoice.${state}`,
      object: { id, customer, status: state, amount_due: amount, currency: "usd", hosted_invoice_url: null },
    })
}

interface Place {
  readonly accountId: string
}
type CloudPicture = readonly [name: string, who: string, prepare: (page: Page, place: Place) => Promise<unknown>]

/** The pages of the control plane. */
export const cloudPictures: readonly CloudPicture[] = [
  [
    "indexes",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/indexes`)
      await page.getByText("The cell cannot run").waitFor()
    },
  ],
  [
    "create-index",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/indexes/~create`)
      await page.getByText("$71.03").waitFor()
      await page.getByLabel("Name", { exact: true }).fill("forecasts")
      await page.getByRole("button", { name: "Create index" }).click()
      await page.getByText("An index of this name already exists.").waitFor()
    },
  ],
  [
    "index-json",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/indexes/~create`)
      await page.getByText("$71.03").waitFor()
      await page.getByLabel("Name", { exact: true }).fill("harbours")
      await page.getByRole("button", { name: "JSON" }).click()
      await page.getByLabel("Settings as JSON").waitFor()
    },
  ],
  [
    "index",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/indexes/forecasts`)
      await page.getByText("Hourly cost").waitFor()
    },
  ],
  [
    "edit-index",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/indexes/forecasts`)
      await page.getByRole("button", { name: "Edit" }).click()
      await dialog(page).getByText("Hourly cost").waitFor()
    },
  ],
  [
    "api-keys",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/api-keys`)
      await page.getByText("forecast service").waitFor()
    },
  ],
  [
    "api-key",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/api-keys`)
      await page.getByRole("button", { name: "Create API key" }).click()
      await dialog(page).getByLabel("Name", { exact: true }).fill("laptop")
      await dialog(page).getByRole("button", { name: "Create API key" }).click()
      await dialog(page).getByText("Your API key").waitFor()
    },
  ],
  [
    "billing",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/billing`)
      await page.getByText("in_1Q2kA9Lx").waitFor()
      await page.getByRole("link", { name: "forecasts" }).first().waitFor()
    },
  ],
  [
    "integrations",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/integrations`)
      await page.getByText("datadoghq.eu").waitFor()
    },
  ],
  [
    "switch",
    "owner",
    async (page, { accountId }) => {
      await go(page, `/accounts/${accountId}/integrations`)
      await page.getByRole("button", { name: /^Account: / }).click()
    },
  ],
]
