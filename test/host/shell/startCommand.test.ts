import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createConnection } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb"
import { afterEach, describe, expect, test } from "vitest"

const checkout = fileURLToPath(new URL("../../../", import.meta.url))
const bin = join(checkout, "bin", "foldline.mjs")
const table = {
  Type: "AWS::DynamoDB::Table",
  Properties: {
    TableName: "things",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  },
}
const secret = { Type: "AWS::SecretsManager::Secret", Properties: { GenerateSecretString: {} } }

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

/** A folder that a host is started in: its data stays inside, its temporary files too when asked. */
function newRoot({ TMPDIR = tmpdir() } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "root-"))
  writeFileSync(join(folder, "cdk.json"), "{}")
  writeFileSync(join(folder, "app.json"), JSON.stringify({ Resources: { Things: table, Secret: secret } }))
  const env = { ...process.env, FOLDLINE_ROOT: folder, TMPDIR, PORT: "0" }
  return { folder, env, parameters: [bin, "start", "--template", join(folder, "app.json")] }
}
type Root = ReturnType<typeof newRoot>

/** Runs `foldline start` until it says `ready`. */
async function started({ env, parameters }: Root, ...flags: string[]) {
  const child = spawn(process.execPath, [...parameters, ...flags], { env, stdio: ["ignore", "pipe", "inherit"] })
  children.push(child)
  const url = await new Promise<string>((resolve, reject) => {
    let said = ""
    child.stdout.on("data", text => {
      said += text
      const ready = /^ready (\S+)/m.exec(said)?.[1]
      if (ready !== undefined) resolve(ready)
    })
    child.once("exit", code => reject(new Error(`ended with ${code}: ${said}`)))
  })
  const ended = (signal: NodeJS.Signals) =>
    new Promise(resolve => {
      child.once("exit", resolve)
      child.kill(signal)
    })
  const credentials = { accessKeyId: "local", secretAccessKey: "local" }
  return { url, ended, db: new DynamoDBClient({ endpoint: url, region: "eu-west-1", credentials }) }
}

/** Command lines of processes that have to do with a folder. */
const processesIn = (folder: string) =>
  execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
    .split("\n")
    .filter(line => line.includes(folder))

async function untilNoneIn(folder: string) {
  for (let left = 600; left > 0 && processesIn(folder).length > 0; left--)
    await new Promise(resolve => setTimeout(resolve, 50))
  expect(processesIn(folder)).toEqual([])
}

const isOpen = (url: string) =>
  new Promise(resolve => {
    const socket = createConnection(Number(new URL(url).port), "127.0.0.1")
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false))
  })

const put = { TableName: "things", Item: { id: { S: "1" }, is: { S: "kept" } } }
const get = { TableName: "things", Key: { id: { S: "1" } } }

describe("`foldline start`", () => {
  test("says where it is, in one line and in `.foldline/local.json`", async () => {
    const root = newRoot()
    const { url } = await started(root)
    expect(JSON.parse(readFileSync(join(root.folder, ".foldline", "local.json"), "utf8")).endpointUrl).toBe(url)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  test.each(["SIGINT", "SIGTERM"] as const)("ends with every child at %s, and frees the port", async signal => {
    const root = newRoot()
    const { url, ended } = await started(root)
    expect(processesIn(root.folder).some(line => line.includes("--db-path"))).toBe(true)
    expect(await ended(signal)).toBe(0)
    await untilNoneIn(root.folder)
    expect(await isOpen(url)).toBe(false)
  })

  test("killed, it leaves no child, and the next start finds the data", async () => {
    const root = newRoot()
    const first = await started(root)
    await first.db.send(new PutItemCommand(put))
    await first.ended("SIGKILL")
    const second = await started(root)
    expect((await second.db.send(new GetItemCommand(get))).Item).toEqual(put.Item)
    await second.ended("SIGKILL")
    await untilNoneIn(root.folder)
  })

  test("with --fresh it starts empty and leaves nothing behind", async () => {
    const root = newRoot({ TMPDIR: mkdtempSync(join(tmpdir(), "tmp-")) })
    const first = await started(root, "--fresh")
    await first.db.send(new PutItemCommand(put))
    await first.ended("SIGINT")
    const second = await started(root, "--fresh")
    expect((await second.db.send(new GetItemCommand(get))).Item).toBeUndefined()
    await second.ended("SIGINT")
    expect(readdirSync(root.env.TMPDIR).filter(name => name.startsWith("foldline-"))).toEqual([])
    expect(readdirSync(join(root.folder, ".foldline"))).toEqual(["local.json"])
  })

  test("says in one line that the port is taken", async () => {
    const port = new URL((await started(newRoot())).url).port
    const { env, parameters } = newRoot()
    const second = spawnSync(process.execPath, parameters, { env: { ...env, PORT: port }, encoding: "utf8" })
    expect(second.stderr).toBe(`foldline: port ${port} is in use: stop the other program or set PORT=…\n`)
    expect(second.status).toBe(1)
  })

  test("names the Node that it needs when it runs on an old one", () => {
    const script = `Object.defineProperty(process.versions, "node", { value: "18.20.8" }); import(${JSON.stringify(bin)})`
    const { stderr, status } = spawnSync(process.execPath, ["--eval", script], { encoding: "utf8" })
    expect(stderr).toBe("foldline: Node 18.20.8 is too old: install Node 20.19 or newer\n")
    expect(status).toBe(1)
  })
  test("installs nothing through a link to another checkout's packages", () => {
    const copy = mkdtempSync(join(tmpdir(), "foldline-link-"))
    cpSync(join(checkout, "bin"), join(copy, "bin"), { recursive: true })
    const packages = { "node_modules/not-there": { version: "1.0.0" } }
    writeFileSync(join(copy, "package-lock.json"), JSON.stringify({ packages }))
    symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"), "junction")
    const { stderr, status } = spawnSync(process.execPath, [join(copy, "bin", "foldline.mjs"), "clock", "+1s"], {
      encoding: "utf8",
    })
    expect(stderr).toContain("node_modules is a link")
    expect(status).toBe(1)
    expect(readdirSync(join(checkout, "node_modules")).length).toBeGreaterThan(100)
    rmSync(copy, { recursive: true })
  })
})
