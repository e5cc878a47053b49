import { type AnyAggregate, schemaVersionOf } from "../core/aggregate.ts"
import type { AnyAutomation } from "../core/automation.ts"
import { type App, busType, type Context } from "../core/manifest.ts"
import type { MessageType } from "../core/message.ts"
import { kernelRejections } from "../core/outcome.ts"
import { audienceText, isForPeople } from "./audience.ts"
import { commandsOf } from "./commands.ts"
import { type Field, type FieldType, fieldsOf } from "./fields.ts"
import { isProjection, type RowModel, rootReads, rowFields, rowModels } from "./reads.ts"
import { liveViews, subscriptionName } from "./subscriptions.ts"

/** What the app is made of, as plain data: what the catalogue, the picture and the console show. */
export interface Catalogue {
  readonly contexts: readonly CatalogueContext[]
  /** Refusals that any command may meet. */
  readonly rejections: readonly CatalogueRejection[]
}

export interface CatalogueContext {
  readonly name: string
  readonly description: string
  readonly aggregates: readonly CatalogueAggregate[]
  readonly views: readonly CatalogueView[]
  readonly automations: readonly CatalogueAutomation[]
}

export interface CatalogueAggregate {
  readonly name: string
  readonly description: string
  readonly key: string
  readonly unique: readonly string[]
  readonly commands: readonly CatalogueCommand[]
  readonly rejections: readonly CatalogueRejection[]
  readonly events: readonly CatalogueEvent[]
}

export interface CatalogueCommand {
  readonly name: string
  readonly description: string
  readonly mutation: string
  readonly mayAsk: string
  /** Automations alone may ask. */
  readonly internal: boolean
  /** Automations that ask for it. */
  readonly sentBy: readonly string[]
  readonly fields: readonly CatalogueField[]
}

export interface CatalogueEvent {
  readonly name: string
  readonly description: string
  readonly schemaVersion: number
  readonly fields: readonly CatalogueField[]
  /** Commands whose decision makes it, as far as the decider's own text names it. */
  readonly madeBy: readonly string[]
  /** Automations that it starts. */
  readonly starts: readonly string[]
  /** Projections that it changes. */
  readonly changes: readonly string[]
}

export interface CatalogueField {
  readonly name: string
  readonly type: string
  readonly required: boolean
  /** Why it is never shown in full. */
  readonly hidden?: "personal" | "secret"
  readonly description?: string
}

export interface CatalogueRejection {
  readonly code: string
  readonly message: string
}

export interface CatalogueView {
  readonly name: string
  readonly kind: "view" | "projection"
  readonly description: string
  readonly type: string
  readonly mayAsk: string
  /** Queries and what they ask for: `membersByRole(accountId, role)`. */
  readonly queries: readonly string[]
  readonly subscription?: string
  readonly key: readonly string[]
  readonly sort: readonly string[]
  /** Aggregates that it is made from. */
  readonly from: readonly string[]
  readonly fields: readonly CatalogueField[]
  /** Field → view that it leads to. */
  readonly leadsTo: readonly { readonly field: string; readonly view: string }[]
}

export interface CatalogueAutomation {
  readonly name: string
  readonly description: string
  readonly when: string
  readonly sends: readonly string[]
  /** Outside effects with their promise. */
  readonly effects: readonly string[]
  readonly reads: readonly string[]
}

/** Reads the manifests into plain data. */
export const catalogueOf = (app: App): Catalogue => ({
  contexts: app.contexts.map(context => contextOf(app, context)),
  rejections: rejectionsOf(kernelRejections),
})

const contextOf = (app: App, context: Context): CatalogueContext => ({
  name: context.name,
  description: context.description,
  aggregates: context.aggregates.map(aggregate => ({
    name: aggregate.name,
    description: aggregate.description,
    key: aggregate.key,
    unique: Object.keys(aggregate.unique ?? {}),
    commands: commandsOf(app)
      .filter(command => command.aggregate === aggregate)
      .map(({ name, description, fieldName, authorize, fields }) => ({
        name,
        description,
        mutation: fieldName,
        mayAsk: audienceText(app.tenancy, authorize),
        internal: !isForPeople(authorize),
        sentBy: senders(app, aggregate.commands[name]),
        fields: fields.map(fieldOf),
      })),
    rejections: rejectionsOf(aggregate.rejections),
    events: Object.values<MessageType>(aggregate.events).map(event => ({
      name: event.type,
      description: event.schema.description ?? "",
      schemaVersion: schemaVersionOf(aggregate, event.type),
      fields: fieldsOf(event.schema, event.type, "event").map(fieldOf),
      madeBy: makersOf(aggregate, event),
      starts: automationsOn(app, event),
      changes: projectionsOn(app, event, aggregate.name),
    })),
  })),
  views: [...context.views, ...context.projections].map(model => viewOf(app, model)),
  automations: context.automations.map(automation => automationOf(app, automation)),
})

function viewOf(app: App, model: RowModel): CatalogueView {
  const live = liveViews(app).find(view => view === model)
  const relations = isProjection(model) ? {} : (model.relations ?? {})
  return {
    name: model.name,
    kind: isProjection(model) ? "projection" : "view",
    description: model.description,
    type: model.type,
    mayAsk: audienceText(app.tenancy, model.authorize),
    queries: rootReads(app)
      .filter(read => read.of === model)
      .map(read => `${read.fieldName}(${read.arguments.map(argument => argument.name).join(", ")})`),
    ...(live === undefined ? {} : { subscription: subscriptionName(live) }),
    key: model.partition,
    sort: isProjection(model) ? [] : (model.sort ?? []),
    from: [...new Set(model.from.map(source => source.of.name))],
    fields: rowFields(model).map(fieldOf),
    leadsTo: Object.entries(relations).map(([field, { to }]) => ({ field, view: to })),
  }
}

const automationOf = (app: App, automation: AnyAutomation): CatalogueAutomation => ({
  name: automation.name,
  description: automation.description,
  when: messageName(app, "events", automation.on),
  sends: automation.sends.map(command => messageName(app, "commands", command)),
  effects: Object.entries(automation.effects ?? {}).map(([effect, promise]) => `${effect} (${promise})`),
  reads: Object.values(automation.reads ?? {}).map(({ view }) => view.name),
})

/** `<context>.<Message>`, found by identity: another context may have a message of the same name. */
function messageName(app: App, kind: "commands" | "events", message: MessageType): string {
  for (const context of app.contexts)
    for (const aggregate of context.aggregates)
      if (aggregate[kind][message.type] === message) return busType(context.name, message.type)
  throw new Error(`No aggregate of the app has ${message.type} among its ${kind}.`)
}

const makersOf = (aggregate: AnyAggregate, { type }: MessageType): readonly string[] =>
  Object.entries(aggregate.decide).flatMap(([command, decide]) =>
    new RegExp(`\\b${type}\\(`).test(String(decide)) ? [command] : [],
  )

const automationsOn = (app: App, event: MessageType) =>
  app.contexts.flatMap(context => context.automations.filter(({ on }) => on === event).map(({ name }) => name))

const senders = (app: App, command: MessageType) =>
  app.contexts.flatMap(context =>
    context.automations.filter(({ sends }) => sends.includes(command)).map(({ name }) => name),
  )

const projectionsOn = (app: App, { type }: MessageType, aggregate: string) =>
  rowModels(app)
    .filter(isProjection)
    .filter(({ from }) => from.some(source => source.of.name === aggregate && source.on[type] !== undefined))
    .map(({ name }) => name)

const rejectionsOf = (rejections: Readonly<Record<string, string>>): readonly CatalogueRejection[] =>
  Object.entries(rejections).map(([code, message]) => ({ code, message }))

const fieldOf = ({ name, type, required, description, personal, secret }: Field): CatalogueField => ({
  name,
  type: typeName(type),
  required,
  ...(secret ? { hidden: "secret" as const } : personal ? { hidden: "personal" as const } : {}),
  ...(description === undefined ? {} : { description }),
})

const typeName = (type: FieldType): string => (type.kind === "list" ? `[${typeName(type.of)}]` : type.name)
