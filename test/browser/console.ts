/** The console in a real browser, on the real app. */
import { join } from "node:path"
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"
import { buildConsole, consoleFolder } from "../../src/cli/console.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { root, startLocalHost } from "../localHost.ts"
import { type Cloud, startCloud } from "../slice/cloud.ts"
import { findChromium } from "./chromium.ts"

const patienceMs = 40_000

/** Chromium of the system, else the one that npm brings. */
export const openBrowser = async (): Promise<Browser> => chromium.launch(await findChromium())

/** Starts the app with the console as it is in the sources. */
export async function startConsole(): Promise<RunningHost> {
  await buildConsole(root, () => {})
  return startLocalHost({ consoleFolder: consoleFolder(root) })
}

/** The same, with its services outside. */
export async function startCloudConsole(cellOptions: Parameters<typeof startCloud>[0] = {}): Promise<Cloud> {
  await buildConsole(root, () => {})
  return startCloud(cellOptions, { consoleFolder: consoleFolder(root) })
}

/** A page of its own browser profile, and what went wrong in it. */
export interface Visit {
  readonly page: Page
  readonly errors: string[]
}

/** Opens the console; nobody is signed in. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  const errors: string[] = []
  page.on("pageerror", error => errors.push(error.message))
  page.on("console", message => {
    if (message.type() === "error") errors.push(message.text())
  })
  await page.goto(url)
  return { page, errors }
}

/** Opens the console as a demo user. */
export async function visitAs(
  browser: Browser,
  running: RunningHost,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const user = running.local.users.find(({ email }) => email.startsWith(name))
  if (user === undefined) throw new Error(`there is no demo user ${name}`)
  const visited = await visit(browser, running.url, options)
  await signIn(visited.page, user.email, user.password)
  await visited.page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor()
  return visited
}

export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
}

/** Leads to a page of the console without loading it anew. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(path)}`)
}

export const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name })
export const dialog = (page: Page) => page.getByRole("dialog")
export const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text })

/** What axe finds serious or worse on a page as it is. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ path: join(root, "console", "node_modules", "axe-core", "axe.min.js") })
  const found: { violations: { impact: string; id: string; nodes: { html: string }[] }[] } =
    await page.evaluate("axe.run()")
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}
