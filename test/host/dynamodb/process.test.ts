import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, test, vi } from "vitest"
import { dynoxideBinary } from "../../../src/host/dynamodb/binary.ts"
import { startDynoxide } from "../../../src/host/dynamodb/dynoxide.ts"
import { createDynamoDbService } from "../../../src/host/dynamodb/service.ts"
import { startTestHost } from "./testHost.ts"

const folders: string[] = []
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), "foldline-test-"))
  folders.push(folder)
  return folder
}
afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const table = {
  TableName: "Kept",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return !existsSync("/proc") || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")
  } catch {
    return false
  }
}

describe("the DynamoDB of a host", () => {
  test("keeps data, stream and stream ARN from one start to the next", async () => {
    const folder = newFolder()
    const first = await startTestHost({ folder })
    const before = createDynamoDbService(first.host)
    first.serve(before)
    await before.call("CreateTable", table)
    await before.call("PutItem", { TableName: "Kept", Item: { pk: { S: "a" } } })
    const streamArn = before.streamArn("Kept") ?? ""
    const records = await before.readStream(streamArn, "TRIM_HORIZON", 10)
    await first.close()

    const second = await startTestHost({ folder })
    const after = createDynamoDbService(second.host)
    second.serve(after)
    await after.ready()
    expect(after.streamArn("Kept")).toBe(streamArn)
    expect(await after.readStream(streamArn, "TRIM_HORIZON", 10)).toEqual(records)
    expect(second.warnings).toEqual([])
    await second.close()
  })

  test("ends when its host is killed, and the next start takes over", async () => {
    const folder = newFolder()
    const script = `import { startDynoxide } from ${JSON.stringify(join(process.cwd(), "src/host/dynamodb/dynoxide.ts"))}
      await startDynoxide(${JSON.stringify(folder)}, () => {}); console.log("ready"); setInterval(() => {}, 1000)`
    const host = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    await new Promise(resolve => host.stdout.once("data", resolve))
    const pid = Number(readFileSync(join(folder, "dynamodb.pid"), "utf8"))
    expect(isAlive(pid)).toBe(true)
    host.kill("SIGKILL")
    const next = await startDynoxide(folder, () => {})
    expect(isAlive(pid)).toBe(false)
    await next.stop()
  })

  test("is another one when DYNAMODB_ENDPOINT names it", async () => {
    const server = createServer((_, response) => response.end('{"TableNames":[]}')).listen(0, "127.0.0.1")
    await new Promise(resolve => server.once("listening", resolve))
    const address = server.address()
    vi.stubEnv("DYNAMODB_ENDPOINT", `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`)
    const running = await startTestHost({ folder: newFolder() })
    const service = createDynamoDbService(running.host)
    running.serve(service)
    expect(await service.call("ListTables", {})).toEqual({ TableNames: [] })
    await running.close()
    server.closeAllConnections()
    server.close()
  })

  test("that has no program for this platform says how to get one", () => {
    expect(() => dynoxideBinary("darwin", "arm64")).toThrow(
      "DynamoDB needs the package @dynoxide/darwin-arm64: run `npm install --no-save @dynoxide/darwin-arm64@1.2.1`, or set DYNAMODB_ENDPOINT to a running DynamoDB Local",
    )
  })
})
