import { z } from "zod"
import type { AnyAggregate } from "../../core/aggregate.ts"
import type { App } from "../../core/manifest.ts"
import { metaOf } from "../../core/personal.ts"
import { pascalCase } from "../../model/names.ts"
import { CliError } from "../cliError.ts"
import { type ViewNames, viewFile, viewTest } from "../templates/view.ts"
import { checkFreeOnApi, checkUsable, singular } from "./naming.ts"
import { aggregateFor, folderOf, type NewFlags } from "./place.ts"
import { addToManifest } from "./register.ts"
import { objectSample, textOf } from "./sample.ts"
import type { Workspace } from "./workspace.ts"

/** Plans a view over one aggregate; one that is called like its aggregate shows one row, any other a list. */
export async function newView(workspace: Workspace, name: string, flags: NewFlags): Promise<void> {
  const { context, aggregate } = aggregateFor(workspace.app, flags, "aggregate to listen to")
  const folder = folderOf(context.name)
  const first = firstFact(aggregate)
  const ids = await workspace.load(`${folder}/ids.ts`)
  const fields = rowFields(first, ids)
  const type = pascalCase(singular(name))
  checkFreeOnApi(workspace.app, name, ...(isShared(workspace.app, type, fields) ? [] : [type, `${type}Page`]))

  const isOne = name === aggregate.name
  const names: ViewNames = {
    ...keyOf(workspace.app, aggregate, isOne, fields),
    context: context.name,
    name,
    value: isOne ? `${name}View` : name,
    type,
    aggregate: aggregate.name,
    status: first.status,
    fields,
    ids: Object.values(fields).filter(schema => schema in ids),
    role: workspace.app.tenancy.roles.at(-1) ?? "member",
    event: first.event,
    data: first.text,
    row: textOf(Object.fromEntries(Object.keys(fields).map(field => [field, JSON.stringify(first.state[field])]))),
    personal: first.text.includes("about("),
  }
  checkUsable(names.value, value => viewFile({ ...names, name: value, value, type: "Example" }))
  workspace.add(`${folder}/${names.value}.ts`, viewFile(names))
  workspace.add(`test/rule/${context.name}/${names.value}.test.ts`, viewTest(names))
  addToManifest(workspace, context.name, "views", names.value)
}

/** The tenant is the scope; the aggregate's id completes the partition of one row, or sorts a list. */
function keyOf(app: App, aggregate: AnyAggregate, isOne: boolean, fields: Readonly<Record<string, string>>) {
  const scope = app.tenancy.field
  const missing = [scope, aggregate.key].find(field => fields[field] === undefined)
  if (missing !== undefined)
    throw new CliError(
      `the first event of ${aggregate.name} lacks ${missing} as ids.ts knows it: write this view by hand`,
    )
  const own = scope === aggregate.key ? [] : [aggregate.key]
  return isOne ? { partition: [scope, ...own], sort: [] } : { partition: [scope], sort: own }
}

/** Does another view have rows of this type and these fields? */
const isShared = (app: App, type: string, fields: Readonly<Record<string, string>>) =>
  app.contexts
    .flatMap(({ views }) => views)
    .some(view => view.type === type && Object.keys(view.row.shape).join() === Object.keys(fields).join())

/** What has happened to an aggregate at first, and the state after it. */
interface FirstFact {
  readonly event: string
  readonly schema: z.ZodObject
  readonly text: string
  readonly status: string
  readonly state: Readonly<Record<string, unknown>>
}

const State = z.looseObject({ status: z.string() })

function firstFact(aggregate: AnyAggregate): FirstFact {
  const [event, type] = Object.entries(aggregate.events)[0] ?? []
  if (event === undefined || type === undefined) throw new CliError(`${aggregate.name} has no event to listen to`)
  const { schema } = type as { schema: z.ZodObject }
  const { value, text } = objectSample(schema)
  const evolve = aggregate.evolve[event]
  const state = State.safeParse(evolve?.(aggregate.initial, value, someInfo))
  if (!state.success)
    throw new CliError(
      `the state of ${aggregate.name} has no status that says when it has a row: write this view by hand`,
    )
  return { event, schema, text, status: state.data.status, state: state.data }
}

/** Simple fields that the first event brings and the state keeps. */
function rowFields({ schema, state }: FirstFact, ids: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(schema.shape).flatMap(([name, field]) => {
    const text = schemaText(field as z.ZodType, ids)
    return text === undefined || state[name] === undefined ? [] : [[name, text] as const]
  })
  return Object.fromEntries(entries)
}

/** A schema as it stands in the source: one of the context's ids, or simple. */
function schemaText(schema: z.ZodType, ids: Readonly<Record<string, unknown>>): string | undefined {
  const named = Object.entries(ids).find(([, value]) => value === schema)
  if (named !== undefined) return named[0]
  if (metaOf(schema).personal === true) return undefined
  if (schema instanceof z.ZodISODateTime) return "z.iso.datetime()"
  if (schema instanceof z.ZodISODate) return "z.iso.date()"
  if (schema instanceof z.ZodString) return "z.string()"
  if (schema instanceof z.ZodNumber) return schema.isInt ? "z.int()" : "z.number()"
  return schema instanceof z.ZodBoolean ? "z.boolean()" : undefined
}

const someInfo = {
  id: "stream/1",
  stream: "stream",
  version: 1,
  commandId: "command",
  actor: "someone",
  tenant: "tenant",
  traceId: "trace",
  hops: 0,
  time: "2026-11-01T10:00:00.000Z",
}
