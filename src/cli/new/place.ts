import type { AnyAggregate } from "../../core/aggregate.ts"
import type { App, Context, Owner } from "../../core/manifest.ts"
import { CliError } from "../cliError.ts"

/** Where the new thing belongs, as asked on the command line. */
export interface NewFlags {
  readonly context?: string
  readonly aggregate?: string
}

/** The context asked for, or the only one. Throws CliError when there is no telling. */
export function contextFor(app: App, name: string | undefined): Context {
  const names = app.contexts.map(context => context.name).join(", ")
  if (name === undefined && app.contexts.length > 1) throw new CliError(`say which context: --context ${names}`)
  const found = app.contexts.find(context => name === undefined || context.name === name)
  if (found === undefined) throw new CliError(`there is no context ${name}: there are ${names}`)
  return found
}

/** The one aggregate of those allowed by the flags that `fits`. Throws CliError, with `what` was looked for, when there is no telling. */
export function aggregateFor(
  app: App,
  flags: NewFlags,
  what: string,
  fits: (aggregate: AnyAggregate) => boolean = () => true,
): Owner {
  const contexts = flags.context === undefined ? app.contexts : [contextFor(app, flags.context)]
  const found = contexts.flatMap(context =>
    context.aggregates
      .filter(aggregate => flags.aggregate === undefined || aggregate.name === flags.aggregate)
      .filter(fits)
      .map(aggregate => ({ context, aggregate })),
  )
  const [owner, ...others] = found
  if (owner === undefined) throw new CliError(`there is no ${what}`)
  if (others.length > 0)
    throw new CliError(`say which ${what}: --aggregate ${found.map(({ aggregate }) => aggregate.name).join(", ")}`)
  return owner
}

/** Where the modules of a context stand. */
export const folderOf = (context: string) => `src/contexts/${context}`
