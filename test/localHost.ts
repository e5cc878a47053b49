/** The local host for tests: the real template, a fresh data folder, a free port. */
import { randomUUID } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { localParameters, synthesize } from "../src/cli/synth.ts"
import type { HostOptions, RunningHost } from "../src/host/options.ts"
import { startHost } from "../src/host/start.ts"

export const root = fileURLToPath(new URL("..", import.meta.url))

export const demoUsers = ["owner", "member", "outsider", "support"].map(name => ({
  email: `${name}@example.org`,
  password: "Foldline-demo-1",
  groups: name === "support" ? ["support"] : [],
}))

/** Starts a host on the synthesized app. The caller stops it. */
export async function startLocalHost(options: Partial<HostOptions> = {}): Promise<RunningHost> {
  const template = options.template ?? (await synthesize(root, () => {}))
  const running = await startHost({ port: 0, demoUsers, parameters: localParameters, ...options, template })
  return {
    ...running,
    stop: async () => {
      noteUnused(running)
      await running.stop()
    },
  }
}

/** Leaves what no call of this test needed, for `npm test` to find what no test needs. */
function noteUnused(running: RunningHost): void {
  const folder = join(root, ".foldline", "unused")
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(running.unusedStatements()))
}
