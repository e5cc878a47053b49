/** The local host for tests: the real template, a fresh data folder, a free port. */
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
  return startHost({ port: 0, demoUsers, parameters: localParameters, ...options, template })
}
