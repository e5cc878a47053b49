import Stripe from "stripe"
import type { Notice } from "../../core/hook.ts"
import { stripeClient } from "./client.ts"

/** What Stripe tells, if the signature is Stripe's and not older than five minutes; undefined otherwise. */
export async function stripeNotice(
  text: string,
  signature: string | undefined,
  signingSecret: string,
): Promise<Notice | undefined> {
  try {
    const stripe = stripeClient("https://api.stripe.com", "none")
    const event = await stripe.webhooks.constructEventAsync(text, signature ?? "", signingSecret)
    return { id: event.id, type: event.type, data: JSON.parse(JSON.stringify(event.data.object)) }
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined
    throw error
  }
}
