import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Cloud } from "../slice/cloud.ts"
import { openAccount, type Person, signedIn } from "../slice/person.ts"
import { dialog, go, heading, openBrowser, row, startCloudConsole, visitAs } from "./console.ts"
import { makeIndex } from "./furnish.ts"

let cloud: Cloud
let browser: Browser
let owner: Person

beforeAll(async () => {
  ;[cloud, browser] = await Promise.all([startCloudConsole(), openBrowser()])
  owner = await signedIn(cloud.running, "owner")
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await cloud?.stop()
})

const enter = (name: string) => visitAs(browser, cloud.running, name)

describe("indexes", () => {
  test("are created with the cost told before, and become ready before one's eyes", async () => {
    const accountId = await openAccount(owner, "Weather Lab")
    const { page, errors } = await enter("owner")
    const { page: others } = await enter("owner")
    await go(others, `/accounts/${accountId}/indexes`)
    await others.getByText("No indexes yet").waitFor()
    await go(page, `/accounts/${accountId}/indexes`)
    await page.getByRole("link", { name: "Create index" }).first().click()
    await heading(page, "Create index").waitFor()
    await page.getByText("$71.03").waitFor()
    await page.getByLabel("Name", { exact: true }).fill("forecasts")
    await page.getByLabel("Shards").fill("2")
    await page.getByText("$114.32").waitFor()
    await page.getByRole("button", { name: "Create index" }).click()
    await heading(page, "forecasts").waitFor()
    await page.getByText("Ready", { exact: true }).waitFor()
    await page.getByText("2 × marqo.basic").waitFor()
    await row(others, "forecasts").getByText("Ready").waitFor()
    expect(errors).toEqual([])
    await Promise.all([page, others].map(one => one.context().close()))
  })

  test("are refused at the field: a name that is taken, a size over the limit, JSON that is wrong", async () => {
    const accountId = await openAccount(owner)
    await makeIndex(owner, accountId, "taken")
    const { page, errors } = await enter("owner")
    await go(page, `/accounts/${accountId}/indexes/~create`)
    const create = page.getByRole("button", { name: "Create index" })
    const name = page.getByLabel("Name", { exact: true })
    await page.getByText("1 to 5.").waitFor()
    await create.click()
    await page.getByText("The name is required.").waitFor()
    await name.fill("taken")
    await create.click()
    await page.getByText("An index of this name already exists.").waitFor()
    expect(await name.getAttribute("aria-invalid")).toBe("true")
    await name.fill("larger")
    const shards = page.getByLabel("Shards")
    await shards.fill("6")
    await create.click()
    await page.getByText("This is more shards than the account's limit for an index.").waitFor()
    expect(await shards.getAttribute("aria-invalid")).toBe("true")

    await page.getByRole("button", { name: "JSON" }).click()
    const json = page.getByLabel("Settings as JSON")
    expect(JSON.parse(await json.inputValue())).toMatchObject({ numberOfShards: 6, storageClass: "marqo.basic" })
    await json.fill("{ numberOfShards")
    await page.getByText("This is not JSON").waitFor()
    expect(await create.isDisabled()).toBe(true)
    await json.fill('{ "textPreprocessing": { "splitLength": 2, "splitOverlap": 2, "splitMethod": "word" } }')
    await create.click()
    await page.getByText("textPreprocessing.splitOverlap: Must be less than splitLength.", { exact: true }).waitFor()
    expect(await json.getAttribute("aria-invalid")).toBe("true")
    await json.fill(
      '{ "type": "structured", "allFields": [{ "name": "title", "type": "text" }], "tensorFields": ["title"] }',
    )
    await create.click()
    await heading(page, "larger").waitFor()
    await page.getByText("structured").first().waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test("whose order was lost on the way are asked for again under the same command id", async () => {
    const accountId = await openAccount(owner)
    const { page } = await enter("owner")
    await go(page, `/accounts/${accountId}/indexes/~create`)
    await page.getByLabel("Name", { exact: true }).fill("lossy")
    const sent: string[] = []
    let isDown = true
    await page.route("**/graphql", route => {
      const { query, variables } = route.request().postDataJSON()
      if (!query.startsWith("mutation")) return route.continue()
      sent.push(variables.input.commandId)
      return isDown ? route.abort() : route.continue()
    })
    const create = page.getByRole("button", { name: "Create index" })
    await create.click()
    await page.getByText("The service cannot be reached.").first().waitFor()
    isDown = false
    await create.click()
    await heading(page, "lossy").waitFor()
    expect(sent.length).toBeGreaterThan(1)
    expect(new Set(sent).size).toBe(1)
    await page.context().close()
  })

  test("are paused, resumed and enlarged, with the new cost told", async () => {
    const accountId = await openAccount(owner)
    await makeIndex(owner, accountId, "scaled")
    const { page, errors } = await enter("owner")
    await go(page, `/accounts/${accountId}/indexes/scaled`)
    await page.getByRole("button", { name: "Pause" }).click()
    await dialog(page).getByRole("button", { name: "Pause" }).click()
    await page.getByText("Paused", { exact: true }).waitFor()
    await page.getByRole("button", { name: "Resume" }).click()
    await dialog(page).getByLabel("Shards").fill("0")
    await dialog(page).getByRole("button", { name: "Save changes" }).click()
    await dialog(page).getByText("Too small: expected number to be >=1.", { exact: true }).waitFor()
    await dialog(page).getByLabel("Shards").fill("3")
    await dialog(page).getByText("$157.61").waitFor()
    await dialog(page).getByRole("button", { name: "Save changes" }).click()
    await page.getByText("3 × marqo.basic").waitFor()
    await page.getByText("1 × marqo.CPU.small").waitFor()
    await page.getByText("Ready", { exact: true }).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test("that failed say why, and go when their name is typed", async () => {
    const accountId = await openAccount(owner)
    cloud.cell.behaviour.refuses = /cursed/
    await makeIndex(owner, accountId, "cursed")
    cloud.cell.behaviour.refuses = /(?!)/
    const { page, errors } = await enter("owner")
    await go(page, `/accounts/${accountId}/indexes`)
    await row(page, "cursed").getByText("The cell cannot run cursed.").waitFor()
    await page.getByRole("link", { name: "cursed" }).click()
    await page.getByText("The index failed").waitFor()
    await page.getByRole("button", { name: "Delete" }).click()
    const typed = dialog(page).getByLabel("To confirm, type cursed")
    await typed.fill("other")
    await dialog(page).getByRole("button", { name: "Delete" }).click()
    await dialog(page).getByText("Type cursed to delete it.").waitFor()
    await typed.fill("cursed")
    await dialog(page).getByRole("button", { name: "Delete" }).click()
    await page.getByText("Deleted", { exact: true }).waitFor()
    await page.getByRole("navigation").getByRole("link", { name: "Indexes" }).first().click()
    await page.getByText("No indexes yet").waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })
})
