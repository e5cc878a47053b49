/** The app with its services outside: a host, a cell, and programs that call the REST API with a key. */
import { randomBytes, randomUUID } from "node:crypto"
import { type CellOptions, type RunningCell, startCell } from "../../outside/cell/cell.ts"
import { type RunningDatadog, startDatadog } from "../../outside/datadog/datadog.ts"
import { type RunningStripe, startStripe } from "../../outside/stripe/stripe.ts"
import { connectServices } from "../../src/cli/services.ts"
import type { HostOptions, RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { eventually, type Person } from "./person.ts"

export interface Cloud {
  readonly running: RunningHost
  readonly cell: RunningCell
  readonly stripe: RunningStripe
  readonly datadog: RunningDatadog
  stop(): Promise<void>
}

export async function startCloud(
  cellOptions: Partial<CellOptions> = {},
  hostOptions: Partial<HostOptions> = {},
): Promise<Cloud> {
  const key = randomUUID()
  const datadog = await startDatadog(0)
  const [running, cell, stripe] = await Promise.all([
    startLocalHost(hostOptions),
    startCell({ port: 0, key, transitionMs: 0, datadogUrl: datadog.url, ...cellOptions }),
    startStripe({ port: 0, key, signingSecret: key }),
  ])
  await connectServices(running, {
    cell: { url: cell.url, key },
    stripe: { url: stripe.url, key, hook: key },
  })
  return {
    running,
    cell,
    stripe,
    datadog,
    stop: async () => {
      await running.stop()
      await cell.stop()
      await stripe.stop()
      await datadog.stop()
    },
  }
}

/** A new key of an account; gives what programs send. */
export async function newKey(person: Person, accountId: string, scope: "admin" | "read_write" | "read" = "admin") {
  const [apiKeyId, secret] = [randomUUID(), randomBytes(24).toString("base64url")]
  const receipt = await person.run("createApiKey", { accountId, apiKeyId, name: "a key", scope, secret })
  if (receipt.status !== "PROJECTED") throw new Error(`no key: ${JSON.stringify(receipt)}`)
  return { apiKeyId, key: `${apiKeyId}.${secret}` }
}

export interface RestResult {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what comes over the wire
  readonly body: any
  readonly headers: Headers
}

/** A program at the REST API. */
export function program(base: string, key?: string) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<RestResult> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { "X-API-KEY": key }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text), headers: response.headers }
  }
}
export type Program = ReturnType<typeof program>

/** Waits until an index has this status. */
export const untilStatus = (ask: Program, name: string, status: string) =>
  eventually(`${name} ${status}`, async () => {
    const { body } = await ask("GET", `/api/v2/indexes/${name}/status`)
    return body.indexStatus === status
  })
