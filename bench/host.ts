import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { signIn } from "../src/cli/api.ts"
import { localParameters, synthesize } from "../src/cli/synth.ts"
import { startHost } from "../src/host/start.ts"

/** The local host on the synthesized app, with its owner signed in. */
export interface Host {
  readonly url: string
  readonly cloudAssembly: string
  ask<Answer = Record<string, unknown>>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>
  /** Opens an account and waits until a query shows it; gives its id. */
  openAccount(): Promise<string>
  /** Physical name of a resource by its logical id. */
  named(logicalId: string): string
  stop(): Promise<void>
}

export const root = fileURLToPath(new URL("..", import.meta.url))
const patienceMs = 30_000

/** Starts a fresh host in this process. */
export async function openHost(tell: (line: string) => void): Promise<Host> {
  const cloudAssembly = await synthesize(root, tell)
  const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")) as {
    context: { "foldline:demoUsers": { email: string; password: string; groups: string[] }[] }
  }
  const running = await startHost({
    template: cloudAssembly,
    port: 0,
    demoUsers: context["foldline:demoUsers"],
    parameters: localParameters,
  })
  const user = running.local.users.find(({ email }) => email.startsWith("owner"))
  if (user === undefined) throw new Error("the benchmark needs the demo user owner")
  const ask = await signIn(user.email, user.password, running.local)
  return {
    url: running.url,
    cloudAssembly,
    ask,
    named(logicalId) {
      const found = Object.entries(running.local.resources).find(([path]) => path.endsWith(`.${logicalId}`))
      if (found === undefined) throw new Error(`the template has no ${logicalId}`)
      return found[1]
    },
    async openAccount() {
      const accountId = randomUUID()
      await ask("mutation ($input: OpenAccountInput!) { openAccount(input: $input) { status } }", {
        input: { accountId, name: "An account", slug: `b-${accountId.slice(0, 13)}`, commandId: randomUUID() },
      })
      for (const started = performance.now(); performance.now() - started < patienceMs; ) {
        const { myAccounts } = await ask<{ myAccounts: { items: { accountId: string }[] } }>(
          "{ myAccounts(limit: 100) { items { accountId } } }",
        )
        if (myAccounts.items.some(item => item.accountId === accountId)) return accountId
        await new Promise(resolve => setTimeout(resolve, 20))
      }
      throw new Error(`account ${accountId} was not visible after ${patienceMs} ms`)
    },
    stop: running.stop,
  }
}
