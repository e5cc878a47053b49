import type { Context } from "@aws-appsync/utils"

/** Answers with what the backend pushes, so that subscribers get it. */
export function request(ctx: Context) {
  return { payload: { ...ctx.stash.defaults, ...ctx.args[ctx.stash.argument] } }
}

export function response(ctx: Context) {
  return ctx.result
}
