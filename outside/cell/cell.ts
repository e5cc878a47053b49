import { type Running, serve } from "../http.ts"
import { answerClient } from "./dataPlane.ts"
import { createMetrics } from "./metrics.ts"
import { type CellBehaviour, provision } from "./provisioning.ts"
import { type CellStore, openStore } from "./store.ts"

export interface CellOptions extends Partial<CellBehaviour> {
  /** 0 takes a free one. */
  readonly port: number
  /** The control plane's key. */
  readonly key: string
  /** Base URL of Datadog; by default that of the account's site. */
  readonly datadogUrl?: string
  readonly metricsEveryMs?: number
  /** File that keeps everything; without one it is in memory. */
  readonly journal?: string
}

export interface RunningCell extends Running {
  readonly store: CellStore
  /** May be changed while it runs. */
  readonly behaviour: CellBehaviour
}

/** A stand-in for the data plane: lexical search instead of vectors, everything else as clients see it. */
export async function startCell({
  port,
  key,
  journal,
  datadogUrl,
  metricsEveryMs = 30_000,
  ...behaving
}: CellOptions): Promise<RunningCell> {
  const store = openStore(journal)
  const behaviour: CellBehaviour = { transitionMs: 500, ...behaving }
  const metrics = createMetrics(
    account => store.metrics(account)?.target ?? undefined,
    site => datadogUrl ?? `https://api.${site}`,
  )
  const publishing = setInterval(() => void metrics.publishAll(store.accountsWithMetrics()), metricsEveryMs)
  let base = ""
  const running = await serve(port, call => {
    if (call.path[0] === "healthz") return { status: 200, body: { status: "ok", standIns: true, pid: process.pid } }
    if (call.path[0] !== "accounts") {
      const startedAt = performance.now()
      const reply = answerClient(store, call)
      const index = store.index(call.path[0] ?? "")
      if (index !== undefined) metrics.count(index.account, index.name, performance.now() - startedAt, reply.status)
      return reply
    }
    if (call.headers.authorization !== `Bearer ${key}`) return { status: 401, body: { message: "Who asks?" } }
    if (call.path.length === 1) return { status: 200, body: { indexes: store.indexes().map(([, index]) => index) } }
    return provision(store, behaviour, () => base, call)
  })
  base = running.url
  const stop = async () => {
    clearInterval(publishing)
    await running.stop()
  }
  return { ...running, stop, store, behaviour }
}
