import { aggregateNamed } from "../manifest.ts"
import type { RejectionReport } from "../outcome.ts"
import type { EventStore } from "../ports.ts"
import { parseStream, streamOf } from "../stream.ts"
import { commands, events, logOf, supportLog } from "../supportLog.ts"
import { type LogPorts, logSupport } from "./logSupport.ts"

/** Whose personal values, and why. Without `tenant` the aggregate is its own tenant. */
export interface RevealQuestion {
  readonly aggregate: string
  readonly id: string
  readonly tenant?: string | null
  readonly reason: string
}

/** Leave to see the personal values of one aggregate for a while, or why there is none. */
export interface Reveal {
  /** Id of the event that records it: what `history` takes. */
  readonly reveal?: string
  readonly until?: string
  readonly rejection?: RejectionReport
}

/** How long somebody may look once they have said why. */
export const revealMs = 15 * 60_000

/** Records that somebody of support looks at the personal values of an aggregate, and why; then they may for a while. */
export async function reveal(
  ports: LogPorts,
  { aggregate, id, tenant, reason }: RevealQuestion,
  by: string,
  commandId: string,
): Promise<Reveal> {
  const stream = streamOf({ tenant: tenant ?? id, aggregate, id })
  if (aggregateNamed(ports.app, aggregate) === undefined || !(await hasHappened(ports.events, stream)))
    return { rejection: { code: "AggregateUnknown", message: "Nothing has happened to this aggregate.", path: "id" } }
  const command = commands.RevealPersonalValues({ log: logOf(stream), stream, reason })
  const { outcome, stream: log } = await logSupport(ports, { by, stream, commandId }, command)
  if (outcome.status === "REJECTED") return { rejection: outcome.rejection }
  if (outcome.status === "FAILED") throw new Error(outcome.reason)
  return {
    reveal: `${log}/${outcome.version}`,
    until: new Date(Date.parse(ports.now()) + revealMs).toISOString(),
  }
}

async function hasHappened(store: Pick<EventStore, "read">, stream: string): Promise<boolean> {
  for await (const _ of store.read(stream, 1, 1)) return true
  return false
}

/** Is this the recorded leave of this person to see the personal values of this stream now? */
export async function isRevealed(
  store: Pick<EventStore, "read">,
  revealId: string,
  stream: string,
  by: string,
  now: string,
): Promise<boolean> {
  const log = streamOf({ tenant: parseStream(stream).tenant, aggregate: supportLog.name, id: logOf(stream) })
  const version = Number(revealId.slice(log.length + 1))
  if (!revealId.startsWith(`${log}/`) || !Number.isInteger(version) || version < 1) return false
  for await (const { type, data, info } of store.read(log, version, version))
    return (
      type === events.PersonalValuesRevealed.type &&
      data.stream === stream &&
      info.actor === by &&
      Date.parse(now) < Date.parse(info.time) + revealMs
    )
  return false
}
