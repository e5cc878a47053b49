import { type Authorize, anyOf, group, open, person } from "../core/authorize.ts"
import type { Computed } from "../core/computed.ts"
import type { App } from "../core/manifest.ts"
import { type AnyView, storedName } from "../core/view.ts"
import { audienceRules, supportGroup } from "./audience.ts"
import { type CommandModel, commandsOf } from "./commands.ts"
import { computedOf } from "./computed.ts"
import type { FunctionName } from "./pipelineFunctions.ts"
import { identityKey, isProjection, type ReadModel, relationReads, rootReads, rowModels } from "./reads.ts"
import { resolverText } from "./resolverText.ts"
import { liveViews, subscriptionName } from "./subscriptions.ts"
import { supportOperations } from "./supportOperations.ts"

export { type DataSourceName, type FunctionName, pipelineFunctions } from "./pipelineFunctions.ts"

/** One field's pipeline. */
export interface ResolverEntry {
  readonly typeName: string
  readonly fieldName: string
  readonly functions: readonly FunctionName[]
  /** APPSYNC_JS text of the field's own resolver; it names no physical resource. */
  readonly code: string
}

/** A resolver for every field of the schema that needs one. */
export function resolverTable(app: App): readonly ResolverEntry[] {
  const types = [...new Set(rowModels(app).map(model => model.type))]
  return [
    ...rootReads(app).map(read => readResolver(app, read)),
    ...types.flatMap(type => relationReads(app, type)).map(read => readResolver(app, read)),
    ...commandsOf(app).map(command => commandResolver(app, command)),
    ...computedOf(app).map(one => computedResolver(app, one)),
    ...liveViews(app).map(view => changeResolver(app, view)),
    ...kernelResolvers(app),
  ]
}

function readResolver(app: App, read: ReadModel): ResolverEntry {
  const { typeName, fieldName, of, by, index, unique, emailField, authorize } = read
  const rows = { emailField: of.partition[0] ?? "", hidden: unique !== undefined }
  const stash = {
    ...(authorize === undefined ? {} : { authorization: authorization(app, authorize, rows) }),
    read: {
      view: index?.storedName ?? storedName(of),
      partition: index?.partition ?? of.partition,
      ...(isProjection(of) ? { projection: true } : {}),
      ...(index === undefined ? {} : { index: index.number }),
      ...(unique === undefined ? {} : { unique }),
    },
    ...(emailField === undefined ? {} : { emailField }),
  }
  const functions: readonly FunctionName[] = [
    ...(unique === undefined ? [] : ["findByUnique" as const]),
    ...(authorize === undefined ? [] : ["authorizeRequest" as const]),
    by === "list" || by === "index" ? "readRows" : "readRow",
  ]
  const code = resolverText({ stash, ...(unique === undefined ? { fields: objectText(read.keys) } : {}) })
  return { typeName, fieldName, functions, code }
}

/** A live view is watched by whoever may read it, scope by scope. */
function changeResolver(app: App, view: AnyView): ResolverEntry {
  const [scope = ""] = view.partition
  const from = identityKey(view)?.from
  const stash = {
    authorization: authorization(app, view.authorize, { emailField: scope }),
    scopeField: scope,
    ...(from === "email" ? { emailField: scope } : {}),
  }
  const keys = from === "email" ? {} : { [scope]: from === "sub" ? "ctx.identity.sub" : `ctx.args.${scope}` }
  return {
    typeName: "Subscription",
    fieldName: subscriptionName(view),
    functions: ["authorizeRequest", "watch"],
    code: resolverText({
      stash: { ...stash, watched: { kind: view.name, of: "scope" } },
      fields: objectText(keys),
      filter: { view: JSON.stringify(view.name), scope: "ctx.stash.scope" },
    }),
  }
}

const objectText = (members: Readonly<Record<string, string>>) => {
  const texts = Object.entries(members).map(([name, value]) => `${name}: ${value}`)
  return texts.length === 0 ? "{}" : `{ ${texts.join(", ")} }`
}

function commandResolver(app: App, command: CommandModel): ResolverEntry {
  const { context, name, aggregate, fields, createsTenant } = command
  return {
    typeName: "Mutation",
    fieldName: command.fieldName,
    functions: ["authorizeRequest", "publishCommand"],
    code: resolverText({
      stash: {
        authorization: authorization(app, command.authorize),
        command: {
          context: context.name,
          name,
          key: aggregate.key,
          nullable: fields.filter(field => field.nullable).map(field => field.name),
          createsTenant,
        },
      },
      fields: "ctx.args.input",
    }),
  }
}

const computedResolver = (app: App, { name, authorize }: Computed): ResolverEntry => ({
  typeName: "Query",
  fieldName: name,
  functions: ["authorizeRequest", "askProjectionEngine"],
  code: resolverText({ stash: { authorization: authorization(app, authorize) }, fields: "ctx.args" }),
})

const authorization = (app: App, authorize: Authorize, rows?: { emailField: string; hidden?: boolean }) => ({
  rules: audienceRules(app.tenancy, authorize, rows?.emailField),
  tenantField: app.tenancy.field,
  memberships: storedName(app.tenancy.view),
  ...(rows?.hidden ? { hidden: true } : {}),
})

function kernelResolvers(app: App): readonly ResolverEntry[] {
  const anybody = authorization(app, anyOf(person(), open()))
  const support = authorization(app, group(supportGroup))
  const entry = (
    typeName: string,
    fieldName: string,
    functions: readonly FunctionName[],
    stash: Readonly<Record<string, unknown>>,
    filter?: Readonly<Record<string, string>>,
  ): ResolverEntry => ({
    typeName,
    fieldName,
    functions,
    code: resolverText({ stash, fields: "{}", ...(filter === undefined ? {} : { filter }) }),
  })
  return [
    entry("Query", "receipt", ["authorizeRequest", "readReceipt", "readOutcome"], { authorization: anybody }),
    entry("Query", "trace", ["authorizeRequest", "readTrace"], { authorization: support }),
    entry("Query", "findTraces", ["authorizeRequest", "findTraces"], { authorization: support }),
    entry("Query", "history", ["authorizeRequest", "askProjectionEngine"], { authorization: support }),
    ...supportOperations.map(({ typeName, fieldName }) =>
      entry(typeName, fieldName, ["authorizeRequest", "askCaretaker"], { authorization: support }),
    ),
    entry("Mutation", "publishReceipt", ["passOn"], {
      argument: "receipt",
      defaults: { duplicate: false, protected: true },
    }),
    entry("Mutation", "publishTraceStep", ["passOn"], { argument: "step", defaults: {} }),
    entry("Mutation", "publishViewChange", ["passOn"], { argument: "change", defaults: {} }),
    entry(
      "Subscription",
      "onReceipt",
      ["authorizeRequest", "watch"],
      { authorization: anybody, watched: { kind: "receipt", of: "command" } },
      {
        commandId: "ctx.args.commandId",
        actor: "ctx.stash.caller.id",
      },
    ),
    entry(
      "Subscription",
      "onTrace",
      ["authorizeRequest", "watch"],
      { authorization: support, watched: { kind: "trace", of: "trace" } },
      {
        traceId: "ctx.args.traceId",
      },
    ),
  ]
}
