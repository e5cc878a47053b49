import { type Authorize, rulesOf } from "../core/authorize.ts"
import type { App, Tenancy } from "../core/manifest.ts"
import type { AnyProjection } from "../core/projection.ts"
import { type AnyView, type Relation, storedName } from "../core/view.ts"
import { isForPeople } from "./audience.ts"
import { type Field, fieldsOf } from "./fields.ts"
import { pascalCase } from "./names.ts"

/** A view or a projection: something with rows. */
export type RowModel = AnyView | AnyProjection

export const isProjection = (model: RowModel): model is AnyProjection => "initial" in model

/** Has rows in an order, not one row? */
export const isList = (model: RowModel): boolean => !isProjection(model) && model.sort !== undefined

/** Everything with rows in the app. */
export const rowModels = (app: App): readonly RowModel[] =>
  app.contexts.flatMap(({ views, projections }) => [...views, ...projections])

/** Where the value of a key field comes from, as text of a resolver. */
export type KeySource = Readonly<Record<string, string>>

/** A field of the API that reads rows. */
export interface ReadModel {
  readonly typeName: string
  readonly fieldName: string
  readonly description: string
  readonly of: RowModel
  /** One row by key, a page of rows, a page in the order of an index, or one row by a unique value. */
  readonly by: "key" | "list" | "index" | "unique"
  readonly arguments: readonly Field[]
  /** Fields that form the partition, with where their values come from; empty for `unique`, whose pointer knows. */
  readonly keys: KeySource
  /** Field whose value is the caller's verified address. */
  readonly emailField?: string
  readonly index?: { readonly number: number; readonly storedName: string; readonly partition: readonly string[] }
  readonly unique?: string
  /** Absent for relations: their keys come from a row that was authorized. */
  readonly authorize?: Authorize
}

/** The queries of all views and projections. Throws when a declaration cannot be a safe query. */
export const rootReads = (app: App): readonly ReadModel[] =>
  rowModels(app).flatMap(model => {
    checkAuthorize(app.tenancy, model)
    return isForPeople(model.authorize) ? [mainRead(model), ...indexReads(model), ...uniqueReads(model)] : []
  })

/** The relation fields of one row type. */
export function relationReads(app: App, typeName: string): readonly ReadModel[] {
  const reads = new Map<string, ReadModel>()
  for (const model of rowModels(app))
    if (model.type === typeName && !isProjection(model))
      for (const [name, relation] of Object.entries(model.relations ?? {}))
        reads.set(name, relationRead(app, model, name, relation))
  return [...reads.values()]
}

/** The key fields of a query that the caller's identity gives, so that they are no arguments. */
export function identityKey(model: RowModel): { field: string; from: "sub" | "email" } | undefined {
  const rules = rulesOf(model.authorize)
  const [first] = rules
  if (first?.by === "self" && rules.every(rule => rule.by === "self" && rule.field === first.field))
    return { field: first.field, from: "sub" }
  const [scope] = model.partition
  if (scope !== undefined && rules.every(rule => rule.by === "verifiedEmail")) return { field: scope, from: "email" }
  return undefined
}

/** Fields of a row as the API shows them. */
export const rowFields = (model: RowModel): readonly Field[] => fieldsOf(model.row, model.type, "output")

function mainRead(model: RowModel): ReadModel {
  return {
    ...rootRead(model, model.partition),
    fieldName: model.name,
    description: model.description,
    by: isList(model) ? "list" : "key",
  }
}

const indexReads = (model: RowModel): readonly ReadModel[] =>
  isProjection(model)
    ? []
    : Object.entries(model.indexes ?? {}).map(([name, { description, partition }], position) => ({
        ...rootRead(model, partition),
        fieldName: name,
        description,
        by: "index",
        index: { number: position + 1, storedName: `${storedName(model)}.${name}`, partition },
      }))

const uniqueReads = (model: RowModel): readonly ReadModel[] =>
  isProjection(model)
    ? []
    : (model.unique ?? []).map(field => ({
        typeName: "Query",
        fieldName: `${model.name}By${pascalCase(field)}`,
        description: `${model.description} Found by its ${field}; nothing is found that the caller may not see.`,
        of: model,
        by: "unique",
        arguments: argumentsFor(model, [field]),
        keys: {},
        unique: field,
        authorize: model.authorize,
      }))

function rootRead(model: RowModel, partition: readonly string[]) {
  const identity = identityKey(model)
  const asked = partition.filter(field => field !== identity?.field)
  const keys = Object.fromEntries(partition.map(field => [field, `ctx.args.${field}`]))
  return {
    typeName: "Query",
    of: model,
    arguments: argumentsFor(model, asked),
    keys: identity?.from === "sub" ? { ...keys, [identity.field]: "ctx.identity.sub" } : withoutEmail(keys, identity),
    ...(identity?.from === "email" ? { emailField: identity.field } : {}),
    authorize: model.authorize,
  }
}

const withoutEmail = (keys: KeySource, identity: { field: string } | undefined): KeySource =>
  Object.fromEntries(Object.entries(keys).filter(([field]) => field !== identity?.field))

function relationRead(app: App, from: RowModel, fieldName: string, { to, by, description }: Relation): ReadModel {
  const target = rowModels(app).find(model => model.name === to)
  const where = `relation ${fieldName} of ${from.name}`
  if (target === undefined) throw new Error(`${where}: there is no view or projection ${to}`)
  const missing = target.partition.find(field => by[field] === undefined)
  if (missing !== undefined) throw new Error(`${where}: \`by\` must say where ${missing} of ${to} comes from`)
  const unknown = Object.values(by).find(field => from.row.shape[field] === undefined)
  if (unknown !== undefined) throw new Error(`${where}: ${from.name} has no field ${unknown}`)
  return {
    typeName: from.type,
    fieldName,
    description: description ?? target.description,
    of: target,
    by: isList(target) ? "list" : "key",
    arguments: [],
    keys: Object.fromEntries(Object.entries(by).map(([there, here]) => [there, `ctx.source.${here}`])),
  }
}

const argumentsFor = (model: RowModel, names: readonly string[]): readonly Field[] =>
  rowFields(model).filter(field => names.includes(field.name))

/** What a rule looks at must be part of every key, else a foreign token could find something. */
function checkAuthorize(tenancy: Tenancy, model: RowModel): void {
  const indexes = isProjection(model) ? [] : Object.values(model.indexes ?? {})
  const partitions = [model.partition, ...indexes.map(index => index.partition)]
  for (const rule of rulesOf(model.authorize)) {
    const field = fieldNeeded(tenancy, model, rule)
    if (field !== undefined && partitions.some(partition => !partition.includes(field)))
      throw new Error(`${model.name}: ${rule.by}() needs ${field} in the partition of the view and of each index`)
  }
}

function fieldNeeded(tenancy: Tenancy, model: RowModel, rule: Authorize): string | undefined {
  if (rule.by === "member") return tenancy.field
  if (rule.by === "self") return rule.field
  return rule.by === "verifiedEmail" ? model.partition[0] : undefined
}
