import { canonicalJson } from "../json.ts"
import { type App, ownersByType } from "../manifest.ts"
import type { Outcome, RejectionReport } from "../outcome.ts"
import type { Waiting } from "../parking.ts"
import { mapPersonal, masked, maskedData } from "../personal.ts"
import type { Claim, Commit, EventStore, ViewStore } from "../ports.ts"
import { parseStream } from "../stream.ts"
import { storedName } from "../view.ts"
import { handleCommand } from "./handleCommand.ts"
import { maskedEvent } from "./history.ts"
import { type ParkingPorts, requestOf } from "./park.ts"
import { whyNot } from "./redrive.ts"
import { viewChanges } from "./updateViews.ts"

export interface RehearsalPorts extends ParkingPorts {
  readonly views: Pick<ViewStore, "sources" | "get">
}

/** What a redrive would do. */
export interface Rehearsal {
  readonly stream: string
  readonly folds: boolean
  readonly cause?: string
  readonly version?: number
  readonly commands: readonly RehearsedCommand[]
  /** How many more wait that were not looked at. */
  readonly left: number
  readonly views: readonly ViewDifference[]
}

/** How a waiting command would end. */
export interface RehearsedCommand {
  readonly type: string
  readonly commandId: string
  readonly traceId: string
  readonly actor: string
  readonly status: Outcome["status"] | "PARKED"
  readonly events: readonly { readonly version: number; readonly type: string; readonly data: string }[]
  readonly rejection?: RejectionReport
  readonly reason?: string
}

/** A row as it is and as it would be, as JSON text, personal values masked; absent where there is none. */
export interface ViewDifference {
  readonly view: string
  readonly key: string
  readonly before?: string
  readonly after?: string
}

export const rehearsedMax = 200

/** Decides what waits behind a stream by the code as it is, each after the other, without writing anything. */
export async function rehearse(ports: RehearsalPorts, stream: string): Promise<Rehearsal> {
  const cause = await whyNot(ports, stream)
  if (cause !== undefined) return { stream, folds: false, cause, commands: [], left: 0, views: [] }
  const stage = rehearsalStore(ports.events)
  const marker = await ports.parking.find(stream)
  const commands: RehearsedCommand[] = []
  const queue = await ports.parking.waiting(stream)
  for (const waiting of queue.slice(0, rehearsedMax))
    commands.push(await decideOn({ ...ports, events: stage.events, pause: async () => {} }, stage, waiting))
  return {
    stream,
    folds: true,
    ...(marker === undefined ? {} : { version: marker.version - 1 }),
    commands,
    left: Math.max(0, queue.length - rehearsedMax),
    views: await differences(ports, stage.commits()),
  }
}

type Stage = ReturnType<typeof rehearsalStore>

/** The event store with what the rehearsal decides laid over it, unique values too; nothing reaches the store below. */
function rehearsalStore(below: EventStore) {
  const made: Commit[] = []
  /** Holders of the values that were claimed or given up, by claim; undefined: free again. */
  const holders = new Map<string, string | undefined>()
  const claimId = (aggregate: string, { name, value }: Pick<Claim, "name" | "value">) => `${aggregate}.${name}/${value}`
  const eventsOf = (stream: string) => made.flatMap(({ decided }) => (decided.stream === stream ? decided.events : []))
  const events: EventStore = {
    ...below,
    async load(stream, hash) {
      const loaded = await below.load(stream, hash)
      return { ...loaded, events: [...loaded.events, ...eventsOf(stream)] }
    },
    async recall(key) {
      const commit = made.find(one => one.key === key)
      if (commit === undefined) return below.recall(key)
      const { decided, payloadHash } = commit
      return { payloadHash, stream: decided.stream, messageId: decided.info.id, outcome: decided.outcome }
    },
    async holder(aggregate, claim) {
      const id = claimId(aggregate, claim)
      return holders.has(id) ? holders.get(id) : below.holder(aggregate, claim)
    },
    async commit(commit) {
      const record = await events.recall(commit.key)
      if (record !== undefined) return { status: "repeated", record }
      const { stream } = commit.decided
      const { aggregate } = parseStream(stream)
      for (const claim of commit.claim)
        if (((await events.holder(aggregate, claim)) ?? stream) !== stream)
          return { status: "claimTaken", claim: claim.name }
      for (const claim of commit.release) holders.set(claimId(aggregate, claim), undefined)
      for (const claim of commit.claim) holders.set(claimId(aggregate, claim), stream)
      made.push(commit)
      return { status: "committed" }
    },
  }
  return { events, commits: (): readonly Commit[] => made }
}

async function decideOn(ports: ParkingPorts, stage: Stage, waiting: Waiting): Promise<RehearsedCommand> {
  const { info, commandType, behind } = waiting
  const about = { type: commandType, commandId: info.commandId, traceId: info.traceId, actor: info.actor.id }
  const before = stage.commits().length
  try {
    const { outcome } = await handleCommand(ports, requestOf(waiting), behind)
    const decided = stage.commits()[before]?.decided
    const aggregate = ownersByType(ports.app, "commands").get(commandType)?.aggregate
    return {
      ...about,
      status: outcome.status,
      events: (decided?.events ?? []).map(({ type, data, info: { version } }) => ({
        version,
        type,
        data: JSON.stringify(maskedEvent(aggregate, type, data)),
      })),
      ...(outcome.status === "REJECTED" ? { rejection: outcome.rejection } : {}),
      ...(outcome.status === "FAILED" ? { reason: outcome.reason } : {}),
    }
  } catch (error) {
    const parks = error instanceof Error && error.name === "StreamParkedError"
    return { ...about, status: parks ? "PARKED" : "FAILED", events: [], reason: String(error) }
  }
}

/** Rows that would differ: the newest snapshot of each stream against the rows as they are. */
async function differences(ports: RehearsalPorts, commits: readonly Commit[]): Promise<readonly ViewDifference[]> {
  const newest = new Map(
    commits
      .filter(({ decided }) => decided.outcome.status === "COMMITTED")
      .map(({ decided }) => [decided.stream, decided]),
  )
  const found: ViewDifference[] = []
  for (const decided of newest.values()) {
    const changes = viewChanges(ports.app, decided, await ports.views.sources(decided.stream))
    for (const { view, puts, deletes } of changes)
      for (const { partition, sort, ...put } of [...puts, ...deletes.map(key => ({ ...key, row: null }))]) {
        if (partition.startsWith("unique/")) continue
        const known = (await ports.views.get({ partition, sort }))?.row ?? null
        if (canonicalJson(known) === canonicalJson(put.row)) continue
        found.push({
          view,
          key: `${partition} ${sort}`,
          ...(known === null ? {} : { before: rowText(ports.app, view, known) }),
          ...(put.row === null ? {} : { after: rowText(ports.app, view, put.row) }),
        })
      }
  }
  return found
}

function rowText(app: App, name: string, row: Readonly<Record<string, unknown>>): string {
  const view = app.contexts.flatMap(({ views }) => views).find(one => storedName(one) === name)
  return canonicalJson(view === undefined ? mapPersonal(row, () => masked) : maskedData(view.row, row))
}
