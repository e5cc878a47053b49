import type { Call, Reply } from "../http.ts"
import type { MetricsTarget } from "./metrics.ts"
import type { CellStore } from "./store.ts"

export interface CellBehaviour {
  /** How long the cell works on each change. */
  transitionMs: number
  /** The control plane gets no answer that helps, while searches go on. */
  failing?: boolean
  /** Each so many-th question gets no useful answer; of these each second is done all the same. */
  failEvery?: number
  /** Names of indexes that the cell refuses to create. */
  refuses?: RegExp
}

export const indexId = (account: string, name: string) => `${account}-${name}`
export const marqoVersion = "2.13.0"

/** Answers what the control plane asks of the cell. */
export function provision(store: CellStore, behaviour: CellBehaviour, base: () => string, call: Call): Reply {
  if (behaviour.failing) return outOfOrder
  const turn = ++asked
  if (behaviour.failEvery === undefined || turn % behaviour.failEvery !== 0) return answer(store, behaviour, base, call)
  if (turn % (2 * behaviour.failEvery) === 0) answer(store, behaviour, base, call)
  return outOfOrder
}

let asked = 0
const outOfOrder = { status: 503, body: { message: "The cell is out of order." } }

function answer(store: CellStore, behaviour: CellBehaviour, base: () => string, call: Call): Reply {
  const [, account = "", kind, name = ""] = call.path
  if (kind === "keys" && call.method === "PUT") return putKey(store, account, name, call.json)
  if (kind === "indexes" && call.method === "PUT") return putIndex(store, behaviour, base(), account, name, call.json)
  if (kind === "indexes" && call.method === "DELETE")
    return removeIndex(store, behaviour, account, name, Number(call.query.get("work")))
  if (kind === "metrics" && call.method === "PUT") {
    const { datadog, version } = call.json as { datadog: MetricsTarget | null; version: number }
    if (version > (store.metrics(account)?.version ?? 0))
      store.write({ fact: "metrics", account, version, target: datadog })
    return { status: 200, body: {} }
  }
  return { status: 404, body: { message: "The cell has nothing here." } }
}

function putKey(store: CellStore, account: string, id: string, json: unknown): Reply {
  const { scope, secretHash, revoked } = json as { scope: string; secretHash: string; revoked: boolean }
  // A late word of the issue must not bring a revoked key back.
  if (revoked) store.write({ fact: "key", id, key: { account, scope: "none", secretHash: "" } })
  else if (store.key(id) === undefined) store.write({ fact: "key", id, key: { account, scope, secretHash } })
  return { status: 200, body: {} }
}

const overtaken = { status: 409, body: { message: "A newer request has overtaken this one." } }

function putIndex(
  store: CellStore,
  { transitionMs, refuses }: CellBehaviour,
  base: string,
  account: string,
  name: string,
  json: unknown,
): Reply {
  const { work, settings } = json as { work: number; settings: Record<string, unknown> }
  const id = indexId(account, name)
  if (refuses?.test(name)) return { status: 422, body: { message: `The cell cannot run ${name}.` } }
  if (work < store.work(id)) return overtaken
  const known = store.index(id)
  if (work > store.work(id)) {
    const open = known !== undefined && !known.deleting && (known.open || known.doneAt <= Date.now())
    const doneAt = Date.now() + transitionMs
    store.write({ fact: "index", id, work, index: { account, name, settings, doneAt, deleting: false, open } })
  }
  const current = store.index(id)
  if (current === undefined || current.deleting) return overtaken
  if (current.doneAt > Date.now()) return { status: 202, body: { status: "working" } }
  return { status: 200, body: { endpoint: `${base}/${id}`, marqoVersion } }
}

function removeIndex(
  store: CellStore,
  { transitionMs }: CellBehaviour,
  account: string,
  name: string,
  work: number,
): Reply {
  const id = indexId(account, name)
  if (work < store.work(id)) return overtaken
  const known = store.index(id)
  if (known === undefined) {
    if (work > store.work(id)) store.write({ fact: "gone", id, work })
    return { status: 404, body: {} }
  }
  if (!known.deleting) {
    store.write({ fact: "index", id, work, index: { ...known, deleting: true, doneAt: Date.now() + transitionMs } })
  }
  if ((store.index(id)?.doneAt ?? 0) > Date.now()) return { status: 202, body: {} }
  store.write({ fact: "gone", id, work })
  return { status: 200, body: {} }
}
