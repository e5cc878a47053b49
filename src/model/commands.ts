import { commandOf } from "../core/aggregate.ts"
import { type Authorize, rulesOf } from "../core/authorize.ts"
import type { App, Owner } from "../core/manifest.ts"
import { isForPeople } from "./audience.ts"
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
  /** An aggregate's own id (`copyId` of `copy`) may be left out by people, unless who may ask depends on it. */
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
  const derivable = isForPeople(authorize) && key === `${owner.aggregate.name}Id` && !needed.includes(key)
  return {
    ...owner,
    name,
    fieldName: camelCase(name),
    inputType: `${name}Input`,
    description: schema.description ?? "",
    authorize,
    fields: fieldsOf(schema, name, "input").map(field =>
      field.name === key && derivable
        ? { ...field, required: false, description: field.description ?? derived }
        : field,
    ),
    createsTenant: isForPeople(authorize) && key === tenantField && !needed.includes(tenantField),
  }
}

const derived = "Made from your id and the command id when left out."

/** Fields without which nobody can say who may ask. */
const fieldsNeeded = (authorize: Authorize, tenantField: string): readonly string[] =>
  rulesOf(authorize).flatMap(rule => {
    if (rule.by === "self") return [rule.field]
    return rule.by === "member" ? [tenantField] : []
  })
