import { type Context, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"

/** Asks a function for an answer that must be computed, or for a deed that takes more than a command; it hears who asks. */
export function request(ctx: Context) {
  return {
    operation: "Invoke",
    payload: { question: ctx.info.fieldName, arguments: ctx.args, actor: ctx.stash.caller.id },
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  if (ctx.result?.notValid) util.error(ctx.result.notValid, "InvalidArgument")
  return ctx.result
}
