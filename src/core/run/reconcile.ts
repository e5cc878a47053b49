import type { WrappedKeys } from "../ports.ts"
import type { Committed, CommittedCommands, UpkeepStore } from "../upkeep.ts"
import { builtFrom, type PurgePorts, purgeRows } from "./forget.ts"
import { builtName, check } from "./sweep.ts"

export interface ReconcilePorts extends PurgePorts {
  readonly keys: Pick<WrappedKeys, "shred" | "forgotten" | "find">
  readonly upkeep: UpkeepStore
  readonly committed: CommittedCommands
  readonly now: () => string
  /** Waits until no function uses a key that was shredded. */
  readonly settle: () => Promise<void>
}

/** What a slice of a reconciliation did. */
export interface Reconciled {
  /** Subjects whose key a backup had brought back. */
  readonly shreddedAgain: number
  /** Subjects whose rows were looked at again. */
  readonly forgotten: number
  /** Source records looked at, and how many were ahead of their stream. */
  readonly sources: number
  readonly ahead: number
  /** Rows written or removed. */
  readonly written: number
  /** Commands whose events the restore lost; sent again, they take effect. */
  readonly lost: readonly Omit<Committed, "key">[]
  /** Leads on when there is more to do. */
  readonly next?: string
}

interface Place {
  readonly phase: "forgotten" | "sources" | "outbox"
  readonly after?: string
  /** The stream of the subject after `after` that was done last. */
  readonly stream?: string
}

const nothing: Reconciled = { shreddedAgain: 0, forgotten: 0, sources: 0, ahead: 0, written: 0, lost: [] }

/**
 * After a restore of a store to an earlier time, brings the others back to it, slice by slice: forgets again who was forgotten, then
 * rebuilds the rows that are ahead of the event store, then takes back the commands whose events are not there any more.
 */
export async function reconcile(ports: ReconcilePorts, next?: string): Promise<Reconciled> {
  const place: Place = next === undefined ? { phase: "forgotten" } : JSON.parse(next)
  if (place.phase === "forgotten") return forgetAgain(ports, place)
  return place.phase === "sources" ? rebuildAhead(ports, place.after) : takeBack(ports, place.after)
}

const at = (place: Place) => ({ next: JSON.stringify(place) })
const then = (phase: Place["phase"], after: string | undefined) =>
  at({ phase, ...(after === undefined ? {} : { after }) })

/** Either list of the forgotten may be the one that was not restored. */
async function forgetAgain(ports: ReconcilePorts, { after, stream }: Place): Promise<Reconciled> {
  if (after === undefined)
    for await (const name of ports.keys.forgotten()) await ports.upkeep.addForgotten(name, ports.now())
  let [shreddedAgain, forgotten, written] = [0, 0, 0]
  let done = after
  let from = stream
  for await (const name of ports.upkeep.forgotten(after)) {
    if ((await ports.keys.find(name)) !== "forgotten") {
      await ports.keys.shred(name, ports.now())
      await ports.settle()
      shreddedAgain++
    }
    await ports.directory.releaseAbout(name)
    const purged = await purgeRows(ports, name, from)
    written += purged.rows
    from = undefined
    if (purged.next !== undefined)
      return {
        ...nothing,
        shreddedAgain,
        forgotten,
        written,
        ...at({ phase: "forgotten", stream: purged.next, ...(done === undefined ? {} : { after: done }) }),
      }
    forgotten++
    done = name
    if (ports.expired()) return { ...nothing, shreddedAgain, forgotten, written, ...then("forgotten", done) }
  }
  return { ...nothing, shreddedAgain, forgotten, written, ...then("sources", undefined) }
}

async function rebuildAhead(ports: ReconcilePorts, after?: string): Promise<Reconciled> {
  const { records, next } = await ports.upkeep.sourceVersions(after)
  let [ahead, written] = [0, 0]
  for (const { stream, view, version } of records) {
    if (version === 0 || (await exists(ports, stream, version))) continue
    ahead++
    const built = builtFrom(ports.app, stream).find(one => builtName(one) === view)
    if (built !== undefined) written += (await check(ports, built, stream, { heal: true })).written
  }
  const more = next === undefined ? then("outbox", undefined) : then("sources", next)
  return { ...nothing, sources: records.length, ahead, written, ...more }
}

async function takeBack(ports: ReconcilePorts, after?: string): Promise<Reconciled> {
  const { commands, next } = await ports.committed.page(after)
  const lost: Committed[] = []
  for (const command of commands)
    if (!(await exists(ports, command.stream, command.version))) {
      await ports.committed.undo(command)
      lost.push(command)
    }
  return {
    ...nothing,
    lost: lost.map(({ key: _, ...command }) => command),
    ...(next === undefined ? {} : then("outbox", next)),
  }
}

async function exists(ports: ReconcilePorts, stream: string, version: number): Promise<boolean> {
  for await (const _ of ports.events.read(stream, version, version)) return true
  return false
}
