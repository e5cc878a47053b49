import { type OutsideAnswer, outsideService } from "../../core/index.ts"

/** Keeps customers, means of payment and invoices. */
export const stripe = outsideService({
  name: "stripe",
  description: "Keeps customers, means of payment and invoices.",
  speaks: "stripe",
  promise: "idempotentProvider",
})

export const textIn = (body: OutsideAnswer["body"], name: string): string | undefined => {
  const value = body[name]
  return typeof value === "string" ? value : undefined
}
