import { commandOf } from "../core/aggregate.ts"
import { type Authorize, rulesOf } from "../core/authorize.ts"
import type { App, Owner } from "../core/manifest.ts"
import { type Field, fieldsOf } from "./fields.ts"
import { camelCase } from "./names.ts"

/** A command as the API offers it. */
export interface CommandModel extends Owner {
  /** PascalCase, as on the bus. */
  readonly name: string
  /** The mutation. */
  readonly fieldName: string
  readonly inputType: string
  readonly description: string
  readonly authorize: Authorize
  readonly fields: readonly Field[]
  /** There is no tenant yet whose member could ask. */
  readonly createsTenant: boolean
}

/** Every command of the app, in the order of the manifests. */
export const commandsOf = (app: App): readonly CommandModel[] =>
  app.contexts.flatMap(context =>
    context.aggregates.flatMap(aggregate =>
      Object.keys(aggregate.commands).map(name => commandModel(app, { context, aggregate }, name)),
    ),
  )

function commandModel(app: App, owner: Owner, name: string): CommandModel {
  const { schema, authorize } = commandOf(owner.aggregate, name)
  const { key } = owner.aggregate
  const { field: tenantField } = app.tenancy
  const needed = fieldsNeeded(authorize, tenantField)
  return {
    ...owner,
    name,
    fieldName: camelCase(name),
    inputType: `${name}Input`,
    description: schema.description ?? "",
    authorize,
    fields: fieldsOf(schema, name, "input").map(field =>
      field.name === key && !needed.includes(key) ? { ...field, required: false } : field,
    ),
    createsTenant: key === tenantField && !needed.includes(tenantField),
  }
}

/** Fields without which nobody can say who may ask; the aggregate's key may be left out unless it is one of them. */
const fieldsNeeded = (authorize: Authorize, tenantField: string): readonly string[] =>
  rulesOf(authorize).flatMap(rule => {
    if (rule.by === "self") return [rule.field]
    return rule.by === "member" ? [tenantField] : []
  })
