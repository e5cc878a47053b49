import { rulesOf } from "../src/core/authorize.ts"
import type { AnyAutomation } from "../src/core/automation.ts"
import type { Hook } from "../src/core/hook.ts"
import { type App, busType, projectionsIn } from "../src/core/manifest.ts"
import { routeKey } from "../src/core/rest.ts"
import { supportGroup } from "../src/model/audience.ts"
import { camelCase } from "../src/model/names.ts"

/** Groups of the user pool: support, and those that a declaration names. */
export function groupsOf(app: App): readonly string[] {
  const declared = app.contexts.flatMap(({ aggregates, views, projections }) => [
    ...aggregates.flatMap(({ authorize }) => Object.values(authorize)),
    ...[...views, ...projections].map(({ authorize }) => authorize),
  ])
  const named = declared.flatMap(rulesOf).flatMap(rule => (rule.by === "group" ? [rule.group] : []))
  return [...new Set([supportGroup, ...named])].sort()
}

/** The mutations by which an automation sends its commands. */
export const mutationsOf = (automation: AnyAutomation): readonly string[] =>
  [...new Set(automation.sends.map(({ type }) => camelCase(type)))].sort()

/** Bus type of the event that starts an automation. Throws when no aggregate has this event. */
export function triggerOf(app: App, automation: AnyAutomation): string {
  for (const context of app.contexts)
    for (const { events } of context.aggregates)
      if (events[automation.on.type] === automation.on) return busType(context.name, automation.on.type)
  throw new Error(`automation ${automation.name} waits for ${automation.on.type}, which no aggregate of the app has`)
}

/** Where services outside call. */
export const hooksOf = (app: App): readonly Hook[] => app.contexts.flatMap(({ hooks }) => hooks ?? [])

/** Keys of all routes of the REST API. */
export const routesOf = (app: App): readonly string[] =>
  app.contexts.flatMap(({ rest }) => (rest?.routes ?? []).map(routeKey))

/** Bus types of all events of the aggregates that projections are made from: versions must come without a gap. */
export function projectedEvents(app: App): readonly string[] {
  const sources = new Set(projectionsIn(app).flatMap(({ from }) => from.map(({ of }) => of)))
  return app.contexts.flatMap(context =>
    context.aggregates
      .filter(aggregate => sources.has(aggregate))
      .flatMap(({ events }) => Object.keys(events).map(name => busType(context.name, name))),
  )
}
