import { createHmac, randomUUID } from "node:crypto"
import { type Call, type Reply, type Running, serve } from "../http.ts"
import { openJournal } from "../journal.ts"

export interface StripeOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** The secret key that the app sends. */
  readonly key: string
  /** What notices are signed with. */
  readonly signingSecret: string
  readonly journal?: string
}

export interface RunningStripe extends Running {
  /** Customers by id. */
  readonly customers: ReadonlyMap<string, Customer>
  /** May be changed while it runs. */
  readonly behaviour: { failing: boolean }
  /** Tells the app at `hookUrl` what happened; the same `id` is the same notice. Gives the app's status. */
  tell(hookUrl: string, notice: StripeNotice): Promise<number>
}

export interface StripeNotice {
  readonly id?: string
  readonly type: string
  readonly object: Readonly<Record<string, unknown>>
}

export interface Customer {
  readonly id: string
  readonly accountId: string
}

interface Fact {
  readonly key: string
  readonly customer: Customer
}

/** A stand-in for Stripe: it speaks the endpoints that the app uses, keeps idempotency keys, and signs what it tells. */
export async function startStripe({ port, key, signingSecret, journal }: StripeOptions): Promise<RunningStripe> {
  const customers = new Map<string, Customer>()
  const byKey = new Map<string, Customer>()
  const behaviour = { failing: false }
  const keep = openJournal<Fact>(journal, fact => {
    customers.set(fact.customer.id, fact.customer)
    byKey.set(fact.key, fact.customer)
  })

  let base = ""
  const answer = (call: Call): Reply => {
    if (call.path[0] === "portal") return portal(customers.get(call.path[1] ?? ""), call.query.get("return_url") ?? "")
    if (behaviour.failing) return failure(503, "api_error", "Stripe is out of order.")
    if (call.headers.authorization !== `Bearer ${key}`)
      return failure(401, "invalid_request_error", "Invalid API Key provided")
    const form = new URLSearchParams(call.text)
    const path = call.path.join("/")
    if (call.method === "POST" && path === "v1/customers") {
      const idempotency = call.headers["idempotency-key"] ?? randomUUID()
      const accountId = form.get("metadata[accountId]") ?? ""
      const known = byKey.get(idempotency)
      if (known === undefined)
        keep({ key: idempotency, customer: { id: `cus_${randomUUID().replaceAll("-", "").slice(0, 14)}`, accountId } })
      const customer = byKey.get(idempotency)
      return { status: 200, body: { id: customer?.id, object: "customer", metadata: { accountId } } }
    }
    if (call.method === "POST" && path === "v1/billing_portal/sessions") {
      const customer = form.get("customer") ?? ""
      if (!customers.has(customer)) return failure(400, "invalid_request_error", `No such customer: '${customer}'`)
      const url = `${base}/portal/${customer}?return_url=${encodeURIComponent(form.get("return_url") ?? "")}`
      return { status: 200, body: { id: `bps_${randomUUID()}`, object: "billing_portal.session", url, customer } }
    }
    return failure(404, "invalid_request_error", `Unrecognized request URL (${call.method}: /${path})`)
  }

  async function tell(hookUrl: string, { id = `evt_${randomUUID()}`, type, object }: StripeNotice): Promise<number> {
    const text = JSON.stringify({ id, object: "event", type, api_version: "2026-01-01", data: { object } })
    const at = Math.floor(Date.now() / 1000)
    const signature = createHmac("sha256", signingSecret).update(`${at}.${text}`).digest("hex")
    const headers = { "content-type": "application/json", "stripe-signature": `t=${at},v1=${signature}` }
    return (await fetch(hookUrl, { method: "POST", headers, body: text })).status
  }

  const running = await serve(port, async call => {
    if (call.path[0] !== "_notices") return answer(call)
    const { hookUrl, ...notice } = call.json as StripeNotice & { hookUrl: string }
    return { status: await tell(hookUrl, notice), body: {} }
  })
  base = running.url
  return { ...running, customers, behaviour, tell }
}

function portal(customer: Customer | undefined, returnUrl: string): Reply {
  if (customer === undefined)
    return { status: 404, body: "<!doctype html><title>Not found</title><p>No such customer." }
  const back = /^https?:/.test(returnUrl) ? returnUrl.replace(/[&"<>]/g, sign => `&#${sign.charCodeAt(0)};`) : "/"
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Billing portal</title>
<h1>Billing portal</h1><p>This page stands in for Stripe's. Customer ${customer.id}.</p><p><a href="${back}">Return</a></p></html>`
  return { status: 200, body }
}

const failure = (status: number, type: string, message: string): Reply => ({
  status,
  body: { error: { type, message } },
})
