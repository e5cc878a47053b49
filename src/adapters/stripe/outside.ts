import Stripe from "stripe"
import type { Outside, OutsideAnswer, OutsideService } from "../../core/outside.ts"
import { stripeClient } from "./client.ts"

/** Asks Stripe through its own package; a question's key is its idempotency key. */
export const stripeOutside = (textOf: (service: OutsideService) => Promise<string>): Outside => ({
  async ask(service, { method, path, body }, key): Promise<OutsideAnswer> {
    const { url, key: secretKey } = JSON.parse(await textOf(service)) as { url: string; key: string }
    if (url === "") return { status: 0, body: {} }
    try {
      const answer: unknown = await stripeClient(url, secretKey).rawRequest(
        method,
        path,
        { ...body },
        { idempotencyKey: key },
      )
      return { status: 200, body: JSON.parse(JSON.stringify(answer)) }
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError)) throw error
      return { status: error.statusCode ?? 0, body: { message: error.message, code: error.code ?? error.type } }
    }
  },
})
