import { createDecipheriv } from "node:crypto"
import { inflateRawSync } from "node:zlib"
import { z } from "zod"
import type { AnyAggregate } from "../../../core/aggregate.ts"
import { type App, aggregateNamed } from "../../../core/manifest.ts"
import type { Outcome } from "../../../core/outcome.ts"
import { about } from "../../../core/personal.ts"
import type { CloudEvent } from "../../../core/ports.ts"
import type { Evidence, Item } from "../look.ts"

const EventRow = z.object({
  stream: z.string(),
  version: z.number(),
  type: z.string(),
  schemaVersion: z.number(),
  data: z.string(),
  commandId: z.string(),
  actor: z.string(),
  traceId: z.string(),
  causationId: z.string().optional(),
  hops: z.number(),
  at: z.string(),
})
const Claim = z.object({ stream: z.string(), holder: z.string() })
const Record = z.object({
  id: z.string(),
  data: z.object({ stream: z.string(), messageId: z.string(), traceId: z.string(), outcome: z.custom<Outcome>() }),
})
const OutboxRow = z.object({
  stream: z.string(),
  command: z.string(),
  decided: z.union([z.string(), z.instanceof(Uint8Array).transform(packed => inflateRawSync(packed).toString())]),
  pending: z.string().optional(),
  messageId: z.string().optional(),
})
const Receipt = z.object({
  id: z.templateLiteral(["receipt/", z.string()]),
  step: z.string(),
  status: z.string(),
  commandId: z.string(),
  actor: z.string(),
  traceId: z.string(),
  version: z.number().optional(),
  rejection: z.object({ code: z.string() }).optional(),
})
const Step = z.object({
  id: z.templateLiteral(["trace/", z.string()]),
  kind: z.string(),
  causeId: z.string(),
  component: z.string(),
  commandId: z.string().optional(),
  message: z.string().optional(),
  stream: z.string().optional(),
  version: z.number().optional(),
})

export type EventRow = z.output<typeof EventRow> & { readonly opened: Readonly<{ [field: string]: unknown }> }
export type CommandRecord = z.output<typeof Record>
export type OutboxRow = z.output<typeof OutboxRow> & { readonly opened: DecidedRow }
export type Receipt = z.output<typeof Receipt>
export type Step = z.output<typeof Step>

/** What an outbox row says was decided. */
export interface DecidedRow {
  readonly outcome: Outcome | { readonly status: "PARKED"; readonly reason: string }
  readonly commandType: string
  readonly info: {
    readonly id: string
    readonly commandId: string
    readonly traceId: string
    readonly actor: { readonly id: string }
  }
  readonly events: readonly { readonly type: string; readonly data: unknown; readonly info: { readonly id: string } }[]
  readonly state?: unknown
  readonly misuse?: true
}

/** The evidence, read: what the stores hold, personal values opened, and the state of each stream folded anew from its first event. */
export interface Facts {
  readonly app: App
  readonly evidence: Evidence
  readonly events: readonly EventRow[]
  readonly streams: ReadonlyMap<string, readonly EventRow[]>
  readonly states: ReadonlyMap<
    string,
    { readonly aggregate: AnyAggregate; readonly state: unknown; readonly version: number }
  >
  readonly claims: readonly z.output<typeof Claim>[]
  /** Of commands, by id: tenant, actor and command id. */
  readonly records: ReadonlyMap<string, CommandRecord>
  /** Of commands that were decided. */
  readonly outbox: readonly OutboxRow[]
  /** Of commands that wait behind a stream that is set aside; `stream` is that one. */
  readonly waiting: readonly OutboxRow[]
  readonly receipts: readonly Receipt[]
  readonly steps: readonly Step[]
  readonly onBus: (channel: "actor" | "domain" | "outcome") => readonly CloudEvent[]
}

/** Reads the evidence. Throws when a stream holds an event that the app does not know, and that was not planted. */
export function factsOf(app: App, evidence: Evidence): Facts {
  const open = (text: string): unknown => openAll(JSON.parse(text), evidence.keys)
  const isPlanted = (row: { stream: string; version: number }) =>
    evidence.poisoned.some(({ stream, version }) => stream === row.stream && version === row.version)
  const rows = parsed(OutboxRow, evidence.outbox).map(row => ({ ...row, opened: open(row.decided) as DecidedRow }))
  const events = parsed(EventRow, evidence.eventStore)
    .filter(row => row.version > 0 && !isPlanted(row))
    .map(row => ({ ...row, opened: open(row.data) as EventRow["opened"] }))
    .sort((a, b) => a.version - b.version)
  const streams = grouped(events)
  return {
    app,
    evidence,
    events,
    streams,
    states: new Map([...streams].map(([stream, rows]) => [stream, folded(app, stream, rows)])),
    claims: parsed(Claim, evidence.eventStore),
    records: new Map(parsed(Record, evidence.idempotencyStore).map(record => [record.id, record])),
    outbox: rows.filter(({ opened }) => opened.outcome.status !== "PARKED"),
    waiting: rows.filter(({ opened }) => opened.outcome.status === "PARKED"),
    receipts: parsed(Receipt, evidence.traceTable),
    steps: parsed(Step, evidence.traceTable),
    onBus: channel =>
      evidence.bus
        .filter(({ source }) => source === `foldline.${channel}`)
        .map(({ detail }) => openAll(detail, evidence.keys) as CloudEvent),
  }
}

const parsed = <Schema extends z.ZodType>(schema: Schema, items: readonly Item[]): z.output<Schema>[] =>
  items.map(item => schema.safeParse(item)).flatMap(({ success, data }) => (success ? [data] : []))

function grouped(events: readonly EventRow[]): Map<string, EventRow[]> {
  const streams = new Map<string, EventRow[]>()
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event])
  return streams
}

/** The parts of `tenant/aggregate/id`. */
export function partsOf(stream: string) {
  const [tenant = "", aggregate = "", ...id] = stream.split("/")
  return { tenant, aggregate, id: id.join("/") }
}

/** What the domain's own rules know of a stored event. */
export const infoOf = (row: EventRow) => ({
  id: `${row.stream}/${row.version}`,
  stream: row.stream,
  version: row.version,
  commandId: row.commandId,
  actor: row.actor,
  tenant: partsOf(row.stream).tenant,
  time: row.at,
  traceId: row.traceId,
  hops: row.hops,
  ...(row.causationId === undefined ? {} : { causationId: row.causationId }),
})

function folded(app: App, stream: string, rows: readonly EventRow[]) {
  const name = partsOf(stream).aggregate
  const aggregate = aggregateNamed(app, name)?.aggregate
  if (aggregate === undefined) throw new Error(`${stream} belongs to no aggregate of the app`)
  let state: unknown = aggregate.initial
  for (const row of rows) {
    const evolve = aggregate.evolve[row.type]
    if (evolve === undefined) throw new Error(`${stream} holds ${row.type}, which ${name} does not know`)
    state = evolve(state, row.opened, infoOf(row))
  }
  return { aggregate, state, version: rows.at(-1)?.version ?? 0 }
}

/** Opens sealed values: AES-256-GCM, base64 of 12 bytes iv, 16 bytes tag and the text. */
function openAll(data: unknown, keys: Evidence["keys"]): unknown {
  if (Array.isArray(data)) return data.map(item => openAll(item, keys))
  if (typeof data !== "object" || data === null) return data
  if ("$personal" in data) {
    const { subject, sealed } = data.$personal as { subject: string; sealed: string | null }
    const key = keys.get(subject)
    if (sealed === null || key === undefined) return about(subject, null)
    const bytes = Buffer.from(sealed, "base64")
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAAD(Buffer.from(subject))
    decipher.setAuthTag(bytes.subarray(12, 28))
    return about(subject, Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8"))
  }
  return Object.fromEntries(Object.entries(data).map(([field, value]) => [field, openAll(value, keys)]))
}
