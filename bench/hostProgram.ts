/** The program of the host process: runs the template and tells, when asked, what has been used since the last time. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { createTally } from "../src/cli/cost/tally.ts"
import { startOutside } from "../src/cli/outside.ts"
import { connectServices } from "../src/cli/services.ts"
import { localParameters } from "../src/cli/synth.ts"
import { startHost } from "../src/host/start.ts"
import type { HostSettings, Used } from "./host.ts"

const functionsMax = 100
const { root, template }: HostSettings = JSON.parse(process.argv[2] ?? "{}")
const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")) as {
  context: { "foldline:demoUsers": { email: string; password: string; groups: string[] }[] }
}
const tally = createTally()
const closing: (() => Promise<void>)[] = []
process.once("disconnect", async () => {
  for (const close of closing.reverse()) await close().catch(error => console.error(error))
  process.exit(0)
})
const outside = await startOutside(root, 0, undefined)
closing.push(outside.stop)
const running = await startHost({
  template,
  port: 0,
  demoUsers: context["foldline:demoUsers"],
  parameters: localParameters,
  meter: tally.meter,
})
closing.push(running.stop)
await connectServices(running, outside.services)
await running.host.lambda.warm?.(functionsMax)

let cpu = process.cpuUsage()
process.on("message", async (asked: { quietMs?: number }) => {
  if (asked.quietMs !== undefined) await tally.quiet(asked.quietMs)
  globalThis.gc?.()
  const { user, system } = process.cpuUsage(cpu)
  cpu = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  const used: Used = { counts: tally.take(), cpuMs: (user + system) / 1000, rssMb: rss / 1e6, heapMb: heapUsed / 1e6 }
  process.send?.({ used })
})
process.send?.({ local: running.local })
