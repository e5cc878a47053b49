import type { AnyAggregate } from "./aggregate.ts"
import type { AnyAutomation } from "./automation.ts"
import type { Computed } from "./computed.ts"
import type { Hook } from "./hook.ts"
import type { OutsideService } from "./outside.ts"
import type { AnyProjection } from "./projection.ts"
import type { Clients, Rest } from "./rest.ts"
import { supportLog } from "./supportLog.ts"
import type { AnyView } from "./view.ts"

/** One bounded context: everything that the loops over the manifests need to know of it. */
export interface Context {
  readonly name: string
  readonly description: string
  readonly aggregates: readonly AnyAggregate[]
  readonly views: readonly AnyView[]
  readonly projections: readonly AnyProjection[]
  readonly automations: readonly AnyAutomation[]
  /** Queries whose answers are computed when they are asked. */
  readonly computed?: readonly Computed[]
  /** What services outside call to tell it something. */
  readonly hooks?: readonly Hook[]
  /** What it offers over REST. */
  readonly rest?: Rest
  /** New versions that are kept up to date beside those that are served, until they are built and take their place. */
  readonly building?: { readonly views?: readonly AnyView[]; readonly projections?: readonly AnyProjection[] }
}

/** Where a person's role in a tenant is recorded: a stream, and how to read the role from its state. */
export interface MembershipSource {
  readonly of: AnyAggregate
  readonly key: (who: { tenant: string; person: string }) => string
  /** undefined: ask the next source; null: nobody has a role in this tenant. */
  readonly role: (state: never, person: string) => string | null | undefined
}

/** Who belongs to a tenant, and with which role. */
export interface Tenancy {
  /** The field of commands and rows that names the tenant. */
  readonly field: string
  /** Strongest first. */
  readonly roles: readonly string[]
  /** Looked at in this order before each decision. */
  readonly sources: readonly MembershipSource[]
  /** The view whose row (person, tenant) carries `role`; the resolvers read it. */
  readonly view: AnyView
}

/** Everything that runs. */
export interface App {
  readonly contexts: readonly Context[]
  readonly tenancy: Tenancy
  /** How programs sign in; needed by an app with REST routes. */
  readonly clients?: Clients
}

/** Every service outside that automations ask. */
export const servicesOf = (app: App): readonly OutsideService[] => [
  ...new Set(app.contexts.flatMap(({ automations }) => automations.flatMap(({ asks }) => asks ?? []))),
]

/** The environment variable that names the secret of a service. */
export const serviceVariable = (service: string) => `SERVICE_${service.toUpperCase()}_SECRET_ID`

/** The kernel's own: what support does. It has no API of its own; the caretaker decides its commands. */
export const kernelContext: Context = {
  name: "foldline",
  description: "What support did.",
  aggregates: [supportLog],
  views: [],
  projections: [],
  automations: [],
}

/** The app's contexts and the kernel's own: whatever may stand in the event store. */
export const everyContext = (app: App): readonly Context[] => [...app.contexts, kernelContext]

/** Does `role` suffice where `needed` is asked for? */
export const roleSuffices = (tenancy: Tenancy, role: string | undefined, needed: string): boolean =>
  role !== undefined && tenancy.roles.includes(role) && tenancy.roles.indexOf(role) <= tenancy.roles.indexOf(needed)

/** The aggregate that a command or an event belongs to, with its context. */
export interface Owner {
  readonly context: Context
  readonly aggregate: AnyAggregate
}

/** `<context>.<Message>`: the type of a message on the bus. */
export const busType = (context: string, message: string) => `${context}.${message}`

const ownersOf = new WeakMap<App, Record<"commands" | "events", ReadonlyMap<string, Owner>>>()

/** Owners by bus type; made once per app. */
export function ownersByType(app: App, kind: "commands" | "events"): ReadonlyMap<string, Owner> {
  const known = ownersOf.get(app) ?? { commands: listOwners(app, "commands"), events: listOwners(app, "events") }
  ownersOf.set(app, known)
  return known[kind]
}

const listOwners = (app: App, kind: "commands" | "events") =>
  new Map(
    everyContext(app).flatMap(context =>
      context.aggregates.flatMap(aggregate =>
        Object.keys(aggregate[kind]).map(name => [busType(context.name, name), { context, aggregate }] as const),
      ),
    ),
  )

/** The context whose aggregates decide a command. Throws when there is none. */
export function contextOfCommand(app: App, command: string): Context {
  const found = app.contexts.find(({ aggregates }) =>
    aggregates.some(({ commands }) => Object.hasOwn(commands, command)),
  )
  if (found === undefined) throw new Error(`no context knows the command ${command}`)
  return found
}

/** The aggregate that decides a command. Throws when there is none. */
export function aggregateOfCommand(app: App, command: string): AnyAggregate {
  const { name } = contextOfCommand(app, command)
  const owner = ownersByType(app, "commands").get(busType(name, command))
  if (owner === undefined) throw new Error(`no aggregate decides ${command}`)
  return owner.aggregate
}

/** The aggregate behind a stream's second part; aggregate names are unique in an app. */
export const aggregateNamed = (app: App, name: string): Owner | undefined => {
  for (const context of everyContext(app))
    for (const aggregate of context.aggregates) if (aggregate.name === name) return { context, aggregate }
  return undefined
}

/** Every view that is kept up to date: those that are served, and new versions beside them. */
export const viewsIn = (app: App): readonly AnyView[] =>
  app.contexts.flatMap(({ views, building }) => [...views, ...(building?.views ?? [])])

/** Every projection that is kept up to date: those that are served, and new versions beside them. */
export const projectionsIn = (app: App): readonly AnyProjection[] =>
  app.contexts.flatMap(({ projections, building }) => [...projections, ...(building?.projections ?? [])])
