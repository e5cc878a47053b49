import { randomUUID } from "node:crypto"
import { gzipSync } from "node:zlib"
import {
  AdminCreateUserCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../src/host/options.ts"
import { eventually, mails } from "../slice/person.ts"
import { openBrowser, signIn, startConsole, visit, visitAs } from "./console.ts"

let running: RunningHost
let browser: Browser

beforeAll(async () => {
  ;[running, browser] = await Promise.all([startConsole(), openBrowser()])
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
})

/** The newest code that was mailed to an address. */
const codeFor = (email: string, than?: string) =>
  eventually("the code", async () => {
    const codes = (await mails(running))
      .filter(({ to }) => to.includes(email))
      .map(({ text }) => /\d{6}/.exec(text)?.[0])
    return codes.find(code => code !== undefined && code !== than)
  })

/** The user pool as its operator sees it. */
const pool = () => {
  const { endpointUrl: endpoint, region, userPoolId } = running.local
  const credentials = { accessKeyId: "local", secretAccessKey: "local" }
  return { client: new CognitoIdentityProviderClient({ endpoint, region, credentials }), UserPoolId: userPoolId ?? "" }
}

describe("a person", () => {
  test("is told beside the password that it is wrong", async () => {
    const { page } = await visit(browser, running.url)
    await signIn(page, "owner@example.org", "Not-the-password-1")
    await page.getByText("The e-mail address or the password is not right.").waitFor()
    expect(await page.getByLabel("Password", { exact: true }).getAttribute("aria-invalid")).toBe("true")
    await page.context().close()
  })

  test("signs up with the code of the mail, and out again", async () => {
    const { page, errors } = await visit(browser, running.url)
    const email = `new-${randomUUID().slice(0, 8)}@example.org`
    await page.getByRole("button", { name: "Create a login" }).click()
    await page.getByLabel("E-mail address").fill(email)
    await page.getByLabel("Password", { exact: true }).fill("Foldline-demo-2")
    await page.getByRole("button", { name: "Create login" }).click()
    const mail = await eventually("the code", async () => (await mails(running)).find(({ to }) => to.includes(email)))
    await page.getByLabel("Code").fill(/\d{6}/.exec(mail.text)?.[0] ?? "")
    await page.getByRole("button", { name: "Confirm and sign in" }).click()
    await page.getByText("No accounts yet").waitFor()
    await page.getByRole("button", { name: email }).click()
    await page.getByRole("menuitem", { name: "Sign out" }).click()
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test("who has signed up but not confirmed is asked for the code when signing in", async () => {
    const { page, errors } = await visit(browser, running.url)
    const email = `late-${randomUUID().slice(0, 8)}@example.org`
    await page.getByRole("button", { name: "Create a login" }).click()
    await page.getByLabel("E-mail address").fill(email)
    await page.getByLabel("Password", { exact: true }).fill("Foldline-demo-2")
    await page.getByRole("button", { name: "Create login" }).click()
    const first = await codeFor(email)
    await page.reload()
    await signIn(page, email, "Foldline-demo-2")
    await page.getByRole("heading", { name: "Confirm your address" }).waitFor()
    await page.getByLabel("Code").fill(first === "000000" ? "111111" : "000000")
    await page.getByRole("button", { name: "Confirm and sign in" }).click()
    await page.getByText("This is not the right code.").waitFor()
    await page.getByRole("button", { name: "Send a new code" }).click()
    await page.getByLabel("Code").fill(await codeFor(email, first))
    await page.getByRole("button", { name: "Confirm and sign in" }).click()
    await page.getByText("No accounts yet").waitFor()
    expect(errors.filter(text => !text.includes("400 (Bad Request)"))).toEqual([])
    await page.context().close()
  })

  test("whose session has ended is told so and signs in again", async () => {
    const { page } = await visitAs(browser, running, "member")
    const { client, UserPoolId } = pool()
    await client.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: "member@example.org" }))
    await page.clock.setFixedTime(new Date(running.host.clock.now() + 2 * 3_600_000))
    await page.reload()
    await page.getByText("Your session has expired").waitFor()
    await signIn(page, "member@example.org", "Foldline-demo-1")
    await page.getByRole("heading", { level: 1, name: "Accounts" }).waitFor()
    await page.context().close()
  })

  test("with a temporary password chooses one", async () => {
    const email = `made-${randomUUID().slice(0, 8)}@example.org`
    const { client, UserPoolId } = pool()
    const attributes = { email, email_verified: "true" }
    await client.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: email,
        TemporaryPassword: "Only-for-today-1",
        MessageAction: "SUPPRESS",
        UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      }),
    )
    const { page, errors } = await visit(browser, running.url)
    await signIn(page, email, "Only-for-today-1")
    await page.getByRole("heading", { name: "Choose your password" }).waitFor()
    await page.getByLabel("Password", { exact: true }).fill("Foldline-demo-3")
    await page.getByRole("button", { name: "Change password and sign in" }).click()
    await page.getByText("No accounts yet").waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe("the sign-in page", () => {
  test("loads at most 400 KB of JavaScript, gzipped", async () => {
    const page = await browser.newPage()
    const scripts: Promise<Buffer>[] = []
    page.on("response", response => {
      if (response.url().endsWith(".js")) scripts.push(response.body())
    })
    await page.goto(running.url, { waitUntil: "networkidle" })
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    const bytes = (await Promise.all(scripts)).reduce((sum, script) => sum + gzipSync(script).length, 0)
    console.log(`first load: ${Math.round(bytes / 1024)} KB of JavaScript, gzipped`)
    expect(bytes).toBeGreaterThan(50 * 1024)
    expect(bytes).toBeLessThanOrEqual(400 * 1024)
    await page.close()
  })

  test("can be used with the keyboard alone", async () => {
    const { page } = await visit(browser, running.url)
    await page.getByLabel("E-mail address").focus()
    await page.keyboard.type("owner@example.org")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Foldline-demo-1")
    await page.keyboard.press("Enter")
    await page.getByRole("button", { name: "Open account", exact: true }).press("Enter")
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).focus()
    await page.keyboard.press("Escape")
    await page.getByRole("dialog").waitFor({ state: "hidden" })
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Open account")
    await page.context().close()
  })
})
