/** What a field's own resolver puts into the stash, and how it answers. */
export interface ResolverConstants {
  /** Name in `ctx.stash` → constant. */
  readonly stash: Readonly<Record<string, unknown>>
  /** Text of the expression for `ctx.stash.fields`: what authorization and keys look at. */
  readonly fields?: string
  /** Entries of the subscription filter: field → text of the expression that it must equal. */
  readonly filter?: Readonly<Record<string, string>>
}

/** The APPSYNC_JS text of a field's own resolver: constants into `ctx.stash`, and the answer. */
export function resolverText({ stash, fields, filter }: ResolverConstants): string {
  const lines = [
    ...Object.entries(stash).map(([name, value]) => `  ctx.stash.${name} = ${JSON.stringify(value)}`),
    ...(fields === undefined ? [] : [`  ctx.stash.fields = ${fields}`]),
  ]
  const imports = filter === undefined ? "" : `import { extensions, util } from "@aws-appsync/utils"\n\n`
  return `${imports}export function request(ctx) {\n${lines.join("\n")}\n  return {}\n}\n\n${responseText(filter)}`
}

function responseText(filter: ResolverConstants["filter"]): string {
  if (filter === undefined) return "export function response(ctx) {\n  return ctx.prev.result\n}\n"
  const entries = Object.entries(filter).map(([field, value]) => `${field}: { eq: ${value} }`)
  return `export function response(ctx) {
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ ${entries.join(", ")} }))
  return null
}
`
}
