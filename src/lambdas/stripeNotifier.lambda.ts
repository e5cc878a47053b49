import { stripeOutside } from "../adapters/stripe/outside.ts"
import { notifier } from "./notify.ts"

/** Runs one automation that asks Stripe on one event. */
export const handler = notifier(stripeOutside)
