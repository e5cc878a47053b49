import { mayAsk, needsRole } from "../access.ts"
import {
  type AnyAggregate,
  claimsOf,
  commandOf,
  fold,
  isRejection,
  type StoredEvent,
  schemaVersionOf,
} from "../aggregate.ts"
import { canonicalJson } from "../json.ts"
import { type App, type Owner, ownersByType } from "../manifest.ts"
import { type CommandInfo, follow, hopsMax, type Message, type MessageType } from "../message.ts"
import { commandKey, type Decided, kernelRejections, type Outcome, type RejectionReport } from "../outcome.ts"
import { metaOf } from "../personal.ts"
import type { Claim, Commit, EventStore } from "../ports.ts"
import { streamOf } from "../stream.ts"
import { type Rehydrated, rehydrate } from "./rehydrate.ts"

export const decisionAttemptsMax = 20
/** Every so many events a row carries the state after it; rehydrating reads at most about one such page. */
export const snapshotEvery = 20

/** A command as it arrived on the bus. */
export interface CommandRequest {
  /** `<context>.<Command>`. */
  readonly type: string
  /** What the client sent, not yet validated. */
  readonly data: Readonly<Record<string, unknown>>
  readonly info: CommandInfo
  readonly expectedVersion?: number
}

export interface CommandPorts {
  readonly app: App
  readonly events: EventStore
  /** SHA-256 as base64url. */
  readonly hash: (text: string) => string
  /** Hash of an aggregate's reducer and schemas. */
  readonly reducerHash: (aggregate: AnyAggregate) => string
  /** Waits before attempt `attempt` (1, 2, …) with full jitter. */
  readonly pause: (attempt: number) => Promise<void>
}

/** How a command ended, and whether it had been decided before. */
export interface Handled {
  readonly outcome: Outcome
  readonly duplicate: boolean
  readonly misuse: boolean
  readonly stream: string
}

/** Thrown when the stream is set aside; the command must wait behind it. */
export class StreamParkedError extends Error {
  override readonly name = "StreamParkedError"
}

/**
 * Decides one command exactly once: rehydrate, authorize, decide, commit; again on a conflict, at most
 * `decisionAttemptsMax` times. Every refusal is recorded like a success. Throws what a stream that cannot be folded throws.
 */
export async function handleCommand(ports: CommandPorts, request: CommandRequest): Promise<Handled> {
  const owner = ownersByType(ports.app, "commands").get(request.type)
  if (owner === undefined) throw new Error(`no aggregate decides ${request.type}`)
  const prepared = prepare(ports, owner, request)
  const { stream, payloadHash } = prepared

  for (let attempt = 1; attempt <= decisionAttemptsMax; attempt++) {
    const commit = await decideOnce(ports, prepared)
    const result = await ports.events.commit(commit)
    if (result.status === "committed")
      return { outcome: commit.decided.outcome, duplicate: false, misuse: false, stream }
    if (result.status === "repeated") {
      const { record } = result
      if (record.payloadHash === payloadHash)
        return {
          outcome: record.outcome,
          duplicate: record.messageId !== request.info.id,
          misuse: false,
          stream: record.stream,
        }
      return { outcome: rejectedAs(0, report("CommandIdReused")), duplicate: true, misuse: true, stream: record.stream }
    }
    if (result.status === "claimTaken")
      return settle(ports, prepared, commit.expected, refusalOfClaim(owner.aggregate, result.claim))
    if (result.status === "tooLarge")
      return settle(ports, prepared, commit.expected, {
        ...report("TooLarge"),
        message: `${kernelRejections.TooLarge} Limit: ${result.limit}.`,
      })
    await ports.pause(attempt)
  }
  return fail(ports, prepared, `still contended after ${decisionAttemptsMax} attempts`)
}

/** Records a command as FAILED: what the dead-letter path does when a command cannot be decided at all. */
export async function failCommand(ports: CommandPorts, request: CommandRequest, reason: string): Promise<Handled> {
  const owner = ownersByType(ports.app, "commands").get(request.type)
  if (owner === undefined) throw new Error(`no aggregate decides ${request.type}`)
  return fail(ports, prepare(ports, owner, request), reason)
}

interface Prepared {
  readonly owner: Owner
  readonly command: Message
  readonly invalid: RejectionReport | undefined
  readonly request: CommandRequest
  readonly data: Readonly<Record<string, unknown>>
  readonly stream: string
  readonly tenant: string
  readonly payloadHash: string
}

/** Validates, fills in a missing id, hashes secrets, and finds the stream. */
function prepare(ports: CommandPorts, owner: Owner, request: CommandRequest): Prepared {
  const { aggregate, context } = owner
  const { info } = request
  const name = request.type.slice(context.name.length + 1)
  const { schema } = commandOf(aggregate, name)
  const id = request.data[aggregate.key] ?? ports.hash(`${info.actor.id}/${info.commandId}`)
  const parsed = schema.safeParse({ ...request.data, [aggregate.key]: id })
  const data: Record<string, unknown> = parsed.success
    ? { ...(parsed.data as object) }
    : { ...request.data, [aggregate.key]: id }
  for (const [field, value] of Object.entries(data))
    if (typeof value === "string" && metaOf(schema.shape[field]).secret === true) data[field] = ports.hash(value)

  const tenantField = ports.app.tenancy.field
  const tenant = String(data[tenantField] ?? (aggregate.key === tenantField ? id : info.tenant))
  const issue = parsed.success ? undefined : parsed.error.issues[0]
  return {
    owner,
    command: { type: name, data },
    invalid: issue === undefined ? undefined : { code: "Invalid", message: issue.message, path: issue.path.join(".") },
    request,
    data,
    stream: streamOf({ tenant, aggregate: aggregate.name, id: String(id) }),
    tenant,
    payloadHash: ports.hash(canonicalJson([request.type, request.data, request.expectedVersion ?? null])),
  }
}

/** One attempt: everything that a commit needs, from the state as it is now. */
async function decideOnce(ports: CommandPorts, prepared: Prepared): Promise<Commit> {
  const { owner, command, request, stream, data } = prepared
  const { aggregate } = owner
  if (prepared.invalid !== undefined) return refusal(prepared, 0, prepared.invalid)
  if (request.info.hops > hopsMax) return refusal(prepared, 0, report("TooManyHops"))

  const { authorize, decide } = commandOf(aggregate, command.type)
  const [current, membership] = await Promise.all([
    rehydrate(ports.events, aggregate, stream, ports.reducerHash(aggregate)),
    needsRole(authorize) ? findRole(ports, prepared) : undefined,
  ])
  if (current.parked) throw new StreamParkedError(`${stream} is parked`)
  const role = membership?.role
  const info = role === undefined ? request.info : { ...request.info, actor: { ...request.info.actor, role } }
  if (!mayAsk(authorize, info.actor, data, ports.app.tenancy))
    return refusal(prepared, current.version, report("NotAuthorized"))
  if (request.expectedVersion !== undefined && request.expectedVersion !== current.version)
    return refusal(prepared, current.version, report("VersionConflict", "expectedVersion"))

  const decision = decide(current.state, data, info)
  if (isRejection(decision)) {
    const message =
      aggregate.rejections[decision.rejected] ?? kernelRejections[decision.rejected as "Invalid"] ?? decision.rejected
    return refusal(prepared, current.version, {
      code: decision.rejected,
      message,
      ...(decision.path === undefined ? {} : { path: decision.path }),
    })
  }
  return acceptance(ports, prepared, current, decision, membership?.guards ?? [])
}

/** The role that the membership's streams give the actor, and the streams to guard so that a removal cannot be overtaken. */
async function findRole(ports: CommandPorts, { request, stream, tenant }: Prepared) {
  const person = request.info.actor.id
  const guards: { stream: string; version: number }[] = []
  for (const source of ports.app.tenancy.sources) {
    const at = streamOf({ tenant, aggregate: source.of.name, id: source.key({ tenant, person }) })
    const { state, version } = await rehydrate(ports.events, source.of, at, ports.reducerHash(source.of))
    const role = source.role(state as never, person)
    if (role === undefined) continue
    if (role === null) break
    if (at !== stream) guards.push({ stream: at, version })
    return { role, guards }
  }
  return { role: undefined, guards }
}

function acceptance(
  ports: CommandPorts,
  prepared: Prepared,
  current: Rehydrated,
  decided: readonly Message[],
  guards: Commit["guards"],
): Commit {
  const { owner, request, stream, tenant } = prepared
  const { aggregate } = owner
  const events = decided.map((event, index): StoredEvent => {
    const version = current.version + index + 1
    return {
      type: event.type,
      schemaVersion: schemaVersionOf(aggregate, event.type),
      data: eventSchema(aggregate, event.type).parse(event.data) as Record<string, unknown>,
      info: {
        ...follow(request.info),
        id: `${stream}/${version}`,
        stream,
        version,
        commandId: request.info.commandId,
        actor: request.info.actor.id,
        tenant,
        time: request.info.time,
      },
    }
  })
  const state = fold(aggregate, events, current.state)
  const version = current.version + events.length
  const due = Math.floor(version / snapshotEvery) > Math.floor(current.version / snapshotEvery)
  const before = claimsOf(aggregate, current.state)
  const after = claimsOf(aggregate, state)
  return {
    ...shell(prepared, { status: "COMMITTED", version, eventCount: events.length }, events, state),
    expected: current.version,
    ...(due ? { snapshot: { state, hash: ports.reducerHash(aggregate) } } : {}),
    claim: difference(after, before),
    release: difference(before, after),
    guards,
  }
}

function eventSchema(aggregate: AnyAggregate, type: string): MessageType["schema"] {
  const event: MessageType | undefined = aggregate.events[type]
  if (event === undefined) throw new Error(`${aggregate.name} decided ${type}, which is not one of its events`)
  return event.schema
}

const difference = (
  some: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): readonly Claim[] =>
  Object.entries(some)
    .filter(([name, value]) => others[name] !== value)
    .map(([name, value]) => ({ name, value }))

function shell(
  { request, stream, payloadHash }: Prepared,
  outcome: Outcome,
  events: readonly StoredEvent[],
  state?: unknown,
) {
  const decided: Decided = {
    stream,
    commandType: request.type,
    info: request.info,
    outcome,
    events,
    ...(state === undefined ? {} : { state }),
  }
  return { key: commandKey(request.info), payloadHash, decided, claim: [], release: [], guards: [] }
}

const rejectedAs = (version: number, rejection: RejectionReport): Outcome => ({
  status: "REJECTED",
  version,
  rejection,
})

const refusal = (prepared: Prepared, version: number, rejection: RejectionReport): Commit => ({
  ...shell(prepared, rejectedAs(version, rejection), []),
  expected: version,
})

const report = (code: keyof typeof kernelRejections, path?: string): RejectionReport => ({
  code,
  message: kernelRejections[code],
  ...(path === undefined ? {} : { path }),
})

function refusalOfClaim(aggregate: AnyAggregate, claim: string): RejectionReport {
  const code = String(aggregate.unique?.[claim]?.taken ?? claim)
  return { code, message: aggregate.rejections[code] ?? code, path: claim }
}

const settle = (ports: CommandPorts, prepared: Prepared, version: number, rejection: RejectionReport) =>
  record(ports, prepared, refusal(prepared, version, rejection))

const fail = (ports: CommandPorts, prepared: Prepared, reason: string) =>
  record(ports, prepared, { ...shell(prepared, { status: "FAILED", reason }, []), expected: 0 })

/** Commits an outcome that wrote no event; contention on such a write is over after a few attempts. */
async function record(ports: CommandPorts, prepared: Prepared, commit: Commit): Promise<Handled> {
  for (let attempt = 1; attempt <= decisionAttemptsMax; attempt++) {
    const result = await ports.events.commit(commit)
    if (result.status === "committed")
      return { outcome: commit.decided.outcome, duplicate: false, misuse: false, stream: prepared.stream }
    if (result.status === "repeated")
      return { outcome: result.record.outcome, duplicate: true, misuse: false, stream: result.record.stream }
    await ports.pause(attempt)
  }
  throw new Error(`could not record the outcome of ${prepared.request.type} ${prepared.request.info.commandId}`)
}
