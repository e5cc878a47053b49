import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn"
import { afterEach, expect, test } from "vitest"
import { everything, machine } from "./machineHost.ts"

const bin = fileURLToPath(new URL("../../../bin/foldline.mjs", import.meta.url))
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

/** Runs `foldline start` in the folder until it says `ready`. */
async function started(folder: string) {
  const parameters = [bin, "start", "--template", join(folder, "app.json")]
  const env = { ...process.env, FOLDLINE_ROOT: folder, PORT: "0" }
  const child = spawn(process.execPath, parameters, { env, stdio: ["ignore", "pipe", "inherit"] })
  children.push(child)
  const endpoint = await new Promise<string>((resolve, reject) => {
    let said = ""
    child.stdout.on("data", text => {
      said += text
      const ready = /^ready (\S+)/m.exec(said)?.[1]
      if (ready !== undefined) resolve(ready)
    })
    child.once("exit", code => reject(new Error(`ended with ${code}: ${said}`)))
  })
  const credentials = { accessKeyId: "local", secretAccessKey: "local" }
  return { child, sfn: new SFNClient({ endpoint, region: "eu-west-1", credentials }) }
}

test("A Standard execution ends although the host was killed with kill -9 while it waited", async () => {
  const folder = mkdtempSync(join(tmpdir(), "killed-"))
  writeFileSync(join(folder, "cdk.json"), "{}")
  const flow = {
    StartAt: "Wait",
    States: { Wait: { Type: "Wait", Seconds: 2, Next: "Say" }, Say: { Type: "Pass", Result: "done", End: true } },
  }
  const Resources = { Role: everything, Flow: machine(flow, { StateMachineName: "flow" }) }
  writeFileSync(join(folder, "app.json"), JSON.stringify({ Resources }))
  const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:flow"

  const first = await started(folder)
  const { executionArn } = await first.sfn.send(new StartExecutionCommand({ stateMachineArn }))
  const gone = once(first.child, "exit")
  first.child.kill("SIGKILL")
  await gone

  const second = await started(folder)
  const described = () => second.sfn.send(new DescribeExecutionCommand({ executionArn }))
  await expect.poll(described, { timeout: 20_000 }).toMatchObject({ status: "SUCCEEDED", output: '"done"' })
}, 60_000)
