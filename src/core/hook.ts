import type { Message } from "./message.ts"
import type { OutsideService } from "./outside.ts"
import type { AnyView } from "./view.ts"

/** What a service outside tells, once its signature was verified. */
export interface Notice {
  /** The same whenever the service tells it again. */
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Where a service outside tells what happened; each notice asks for at most one command, once. */
export interface Hook {
  readonly service: OutsideService
  readonly description: string
  /** The view whose row tells whom a notice concerns, and its key; undefined when it concerns nobody. */
  readonly view: AnyView
  readonly key: (notice: Notice) => Readonly<Record<string, string>> | undefined
  readonly command: (notice: Notice, row: Readonly<Record<string, unknown>>) => Message | undefined
}

/** Path at which a service calls. */
export const hookPath = ({ service }: Hook) => `/hooks/${service.name}`
