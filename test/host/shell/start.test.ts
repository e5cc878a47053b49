import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import { afterEach, describe, expect, test } from "vitest"
import { tokenOf } from "../../../src/cli/api.ts"
import { lockFolder } from "../../../src/host/lock.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { openServer } from "../../../src/host/server.ts"
import { clientOf, hostWith } from "./localHost.ts"

const secret = { Secret: { Type: "AWS::SecretsManager::Secret", Properties: { Name: "s", GenerateSecretString: {} } } }
const running: RunningHost[] = []
const started = async (...args: Parameters<typeof hostWith>) => {
  const host = await hostWith(...args)
  running.push(host)
  return host
}

afterEach(async () => {
  for (const host of running.splice(0)) await host.stop()
})

const newFolder = () => mkdtempSync(join(tmpdir(), "data-"))

describe("a data folder", () => {
  test("belongs to one host", async () => {
    const dataFolder = newFolder()
    await started(secret, { dataFolder })
    await expect(hostWith(secret, { dataFolder })).rejects.toThrow(`${dataFolder} is in use by process ${process.pid}`)
  })

  test("of a killed host is taken over", () => {
    const folder = newFolder()
    const { pid } = spawnSync("true")
    writeFileSync(join(folder, "lock"), String(pid))
    lockFolder(folder)()
    expect(existsSync(join(folder, "lock"))).toBe(false)
  })

  test("of another running process is refused, but not when that process is younger than the lock", async () => {
    const folder = newFolder()
    writeFileSync(join(folder, "lock"), String(process.ppid))
    expect(() => lockFolder(folder)).toThrow(`in use by process ${process.ppid}`)
  })

  test("keeps what the services hold", async () => {
    const dataFolder = newFolder()
    const value = async (host: RunningHost) =>
      (await new SecretsManagerClient(clientOf(host)).send(new GetSecretValueCommand({ SecretId: "s" }))).SecretString
    const first = await started(secret, { dataFolder })
    const before = await value(first)
    await first.stop()
    expect(await value(await started(secret, { dataFolder }))).toBe(before)
  })

  test("of a fresh host goes with it", async () => {
    const host = await started(secret)
    const { dataFolder } = host.host
    expect(existsSync(dataFolder)).toBe(true)
    await host.stop()
    expect(existsSync(dataFolder)).toBe(false)
  })
})

describe("a host", () => {
  test("says in one line that its port is taken, and leaves nothing behind", async () => {
    const other = createServer().listen(0, "127.0.0.1")
    await new Promise(resolve => other.once("listening", resolve))
    const address = other.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const dataFolder = newFolder()
    await expect(hostWith(secret, { port, dataFolder })).rejects.toThrow(
      new Error(`port ${port} is in use: stop the other program or set PORT=…`),
    )
    expect(existsSync(join(dataFolder, "lock"))).toBe(false)
    other.close()
  })

  test("is healthy once it is ready, and not before", async () => {
    const server = await openServer(0)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(503)
    await server.close()
    const { url } = await started(secret)
    const health = await fetch(`${url}/healthz`)
    expect([health.status, await health.json()]).toEqual([200, { status: "ok" }])
  })

  test("refuses an unsupported template when strict, and names it when not", async () => {
    const resources = { ...secret, Net: { Type: "AWS::EC2::VPC" } }
    const line = "AWS::EC2::VPC is not supported, a stand-in takes its place (app/Net)"
    await expect(hostWith(resources, { strict: true })).rejects.toThrow(line)
    const printed: string[] = []
    await started(resources, { print: text => printed.push(text) })
    expect(printed).toEqual([`template! ${line}`])
  })

  test("lets browsers of any origin in", async () => {
    const { url } = await started(secret)
    const preflight = await fetch(`${url}/graphql`, {
      method: "OPTIONS",
      headers: {
        origin: "http://x",
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-amz-user-agent",
      },
    })
    expect([preflight.status, preflight.headers.get("access-control-allow-headers")]).toEqual([204, "x-amz-user-agent"])
  })

  test("serves the console, whose paths are all one page, and nothing outside of it", async () => {
    const folder = newFolder()
    const consoleFolder = join(folder, "console")
    const { url } = await started(secret, { consoleFolder })
    expect(await (await fetch(url)).text()).toContain("The local host is running")
    spawnSync("mkdir", [consoleFolder])
    writeFileSync(join(consoleFolder, "index.html"), "<title>app</title>")
    writeFileSync(join(folder, "private.txt"), "no")
    expect(await (await fetch(`${url}/accounts/1`)).text()).toBe("<title>app</title>")
    expect((await fetch(`${url}/..%2fprivate.txt`)).status).toBe(404)
    expect((await fetch(`${url}/gone.js`)).status).toBe(404)
  })

  test("lets its demo users sign in, without a signature", async () => {
    const resources = {
      Pool: { Type: "AWS::Cognito::UserPool", Properties: {} },
      Client: {
        Type: "AWS::Cognito::UserPoolClient",
        Properties: {
          UserPoolId: { Ref: "Pool" },
          ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        },
      },
    }
    const user = { email: "owner@example.com", password: "Passw0rd!x", groups: ["support"] }
    const { local } = await started(resources, { demoUsers: [user] })
    const token = await tokenOf(user.email, user.password, local)
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())
    expect(claims).toMatchObject({ email: user.email, email_verified: true, "cognito:groups": ["support"] })
  })

  test("shows pages of other modules", async () => {
    const { url } = await started(secret, { pages: { "/hello": (_, response) => void response.end("hi") } })
    expect(await (await fetch(`${url}/hello`)).text()).toBe("hi")
  })
})
