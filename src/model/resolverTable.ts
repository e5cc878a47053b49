import { type Authorize, anyOf, group, open, person } from "../core/authorize.ts"
import type { App } from "../core/manifest.ts"
import { storedName } from "../core/view.ts"
import { audienceRules, supportGroup } from "./audience.ts"
import { type CommandModel, commandsOf } from "./commands.ts"
import type { FunctionName } from "./pipelineFunctions.ts"
import { identityKey, isProjection, type ReadModel, relationReads, rootReads, rowModels } from "./reads.ts"
import { resolverText } from "./resolverText.ts"
import { liveViews, subscriptionName } from "./subscriptions.ts"

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
    ...liveViews(app).map(view => {
      const identity = identityKey(view)
      const [scope = ""] = view.partition
      const key = identity?.from === "sub" ? "ctx.identity.sub" : `ctx.args.${scope}`
      return {
        typeName: "Subscription",
        fieldName: subscriptionName(view),
        functions: ["authorizeRequest" as const],
        code: resolverText({
          stash: {
            authorization: authorization(app, view.authorize, { emailField: scope }),
            scopeField: scope,
            ...(identity?.from === "email" ? { emailField: scope } : {}),
          },
          fields: identity?.from === "email" ? "{}" : `{ ${scope}: ${key} }`,
          filter: { view: JSON.stringify(view.name), scope: "ctx.stash.scope" },
        }),
      }
    }),
    ...kernelResolvers(app),
  ]
}

function readResolver(app: App, read: ReadModel): ResolverEntry {
  const { of, index, unique, emailField } = read
  const constants = {
    view: unique === undefined ? (index?.storedName ?? storedName(of)) : storedName(of),
    partition: index?.partition ?? of.partition,
    ...(isProjection(of) ? { projection: true } : {}),
    ...(index === undefined ? {} : { index: index.number }),
    ...(unique === undefined ? {} : { unique }),
  }
  const read1 = read.by === "list" || read.by === "index" ? "readRows" : "readRow"
  const functions: FunctionName[] = read.authorize === undefined ? [read1] : ["authorizeRequest", read1]
  const keys = Object.entries(read.keys).map(([field, source]) => `${field}: ${source}`)
  return {
    typeName: read.typeName,
    fieldName: read.fieldName,
    functions: unique === undefined ? functions : ["findByUnique", ...functions],
    code: resolverText({
      stash: {
        ...(read.authorize === undefined
          ? {}
          : {
              authorization: authorization(app, read.authorize, {
                emailField: of.partition[0] ?? "",
                hidden: unique !== undefined,
              }),
            }),
        read: constants,
        ...(emailField === undefined ? {} : { emailField }),
      },
      ...(unique === undefined ? { fields: keys.length > 0 ? `{ ${keys.join(", ")} }` : "{}" } : {}),
    }),
  }
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
    entry("Mutation", "publishReceipt", ["passOn"], {
      argument: "receipt",
      defaults: { duplicate: false, protected: true },
    }),
    entry("Mutation", "publishTraceStep", ["passOn"], { argument: "step", defaults: {} }),
    entry("Mutation", "publishViewChange", ["passOn"], { argument: "change", defaults: {} }),
    entry(
      "Subscription",
      "onReceipt",
      ["authorizeRequest"],
      { authorization: anybody },
      {
        commandId: "ctx.args.commandId",
        actor: "ctx.stash.caller.id",
      },
    ),
    entry(
      "Subscription",
      "onTrace",
      ["authorizeRequest", "watchTrace"],
      { authorization: support },
      {
        traceId: "ctx.args.traceId",
      },
    ),
  ]
}
