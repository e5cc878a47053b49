import { type Context, util } from "@aws-appsync/utils"

/** Fails the field when the data source failed: AppSync itself would go on. */
export function failOnError(ctx: Context): void {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type)
}
