import { catalogue } from "../model.generated.ts"

interface Named {
  readonly name: string
  readonly description: string
}
export interface FieldData {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly hidden?: string
  readonly description?: string
}
export interface EventData extends Named {
  readonly schemaVersion: number
  readonly fields: readonly FieldData[]
  /** Commands whose decision makes it. */
  readonly madeBy: readonly string[]
  readonly starts: readonly string[]
  readonly changes: readonly string[]
}
interface CommandData extends Named {
  readonly internal: boolean
  readonly sentBy: readonly string[]
}
export interface AggregateData extends Named {
  readonly key: string
  readonly commands: readonly CommandData[]
  readonly events: readonly EventData[]
}
export interface ViewData extends Named {
  readonly kind: string
  readonly from: readonly string[]
}
interface AutomationData extends Named {
  readonly when: string
  readonly sends: readonly string[]
  readonly effects: readonly string[]
}
export interface ContextData extends Named {
  readonly aggregates: readonly AggregateData[]
  readonly views: readonly ViewData[]
  readonly automations: readonly AutomationData[]
}

/** Every bounded context of the app. */
export const contexts: readonly ContextData[] = catalogue.contexts

/** An event and where it belongs. */
export interface EventPlace {
  readonly context: ContextData
  readonly aggregate: AggregateData
  readonly event: EventData
}

/** Views and projections that are made from an event: a view shows its aggregate's state, so each of its events changes it. */
export const readersOf = ({ context, aggregate, event }: EventPlace): readonly ViewData[] =>
  context.views.filter(({ name, kind, from }) =>
    kind === "projection" ? event.changes.includes(name) : from.includes(aggregate.name),
  )
