import Stripe from "stripe"

/** Shorter than what a function has, so that no answer is an answer. */
const answerMaxMs = 10_000

/** A client of Stripe at a URL, which is Stripe's own unless the deployment says otherwise. Retries are the domain's business. */
export function stripeClient(url: string, key: string): Stripe {
  const { protocol, hostname, port } = new URL(url)
  return new Stripe(key, {
    protocol: protocol === "http:" ? "http" : "https",
    host: hostname,
    port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
    maxNetworkRetries: 0,
    timeout: answerMaxMs,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(),
  })
}
