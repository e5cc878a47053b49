import type { Context } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"

/** Asks for an answer that must be computed. */
export function request(ctx: Context) {
  return { operation: "Invoke", payload: { question: ctx.info.fieldName, arguments: ctx.args } }
}

export function response(ctx: Context) {
  failOnError(ctx)
  return ctx.result
}
