import { createHmac } from "node:crypto"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { dialog, openBrowser, seriousFaults, signIn, startConsole, visitAs } from "./console.ts"

let running: RunningHost
let browser: Browser

beforeAll(async () => {
  ;[running, browser] = await Promise.all([startConsole(), openBrowser()])
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
})

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
const stepMs = 30_000

/** What an authenticator app shows for a key at a time: RFC 6238. */
function codeOf(key: string, at: number): string {
  const bits = [...key].map(letter => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("")
  const bytes = Buffer.from(bits.match(/.{8}/g)?.map(byte => Number.parseInt(byte, 2)) ?? [])
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / stepMs)))
  const hash = createHmac("sha1", bytes).update(counter).digest()
  const start = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(start) & 0x7fffffff) % 1_000_000).padStart(6, "0")
}

async function choose(page: Page, item: string) {
  await page.getByRole("button", { name: "member@example.org" }).click()
  await page.getByRole("menuitem", { name: item }).click()
}

test("a person turns a second factor on, signs in with it, and turns it off", async () => {
  const { page, errors } = await visitAs(browser, running, "member")
  await choose(page, "Second factor")
  const key =
    (await dialog(page)
      .getByText(/^[A-Z2-7]{16,}$/)
      .textContent()) ?? ""
  expect(await seriousFaults(page)).toEqual([])
  await dialog(page).getByLabel("Code").fill(codeOf(key, running.host.clock.now()))
  await dialog(page).getByRole("button", { name: "Turn on" }).click()
  await dialog(page).waitFor({ state: "hidden" })

  await choose(page, "Sign out")
  await signIn(page, "member@example.org", "Foldline-demo-1")
  await page.getByRole("heading", { name: "Second factor" }).waitFor()
  await page.getByLabel("Code").fill(codeOf(key, running.host.clock.now() + 60 * stepMs))
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.getByText("This is not the right code.").waitFor()
  expect(await page.getByLabel("Code").getAttribute("aria-invalid")).toBe("true")
  // A code counts once: the app shows the next one by now.
  running.host.clock.advance(2 * stepMs)
  await page.getByLabel("Code").fill(codeOf(key, running.host.clock.now()))
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor()

  await choose(page, "Second factor")
  await dialog(page).getByRole("button", { name: "Turn off" }).click()
  await dialog(page).waitFor({ state: "hidden" })
  await choose(page, "Sign out")
  await signIn(page, "member@example.org", "Foldline-demo-1")
  await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor()
  expect(errors.filter(text => !text.includes("400 (Bad Request)"))).toEqual([])
  await page.context().close()
})
