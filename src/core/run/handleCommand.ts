import { mayAsk, needsRole } from "../access.ts"
import { commandOf, isRejection } from "../aggregate.ts"
import { hopsMax } from "../message.ts"
import { kernelRejections, type Outcome } from "../outcome.ts"
import type { Commit } from "../ports.ts"
import { streamOf } from "../stream.ts"
import { acceptance, failure, misuse, refusal, refusalOfClaim, report } from "./commitOf.ts"
import { type CommandPorts, type CommandRequest, type Prepared, prepare } from "./prepareCommand.ts"
import { type Rehydrated, rehydrate } from "./rehydrate.ts"

export const decisionAttemptsMax = 20

/** How a command ended, and whether it had been decided before. */
export interface Handled {
  readonly outcome: Outcome
  readonly duplicate: boolean
  readonly stream: string
}

/**
 * Decides one command exactly once: rehydrate, authorize, decide, commit; again on a conflict, at most
 * `decisionAttemptsMax` times. Every refusal is recorded like a success. Throws UnfoldableStreamError, and StreamParkedError
 * unless the stream that is set aside is the one to be read from `behind` its marker.
 */
export async function handleCommand(ports: CommandPorts, request: CommandRequest, behind?: string): Promise<Handled> {
  const prepared = prepare(ports, request)
  for (let attempt = 1; attempt <= decisionAttemptsMax; attempt++) {
    const commit = await decideOnce(ports, prepared, behind)
    const result = await ports.events.commit(commit)
    if (result.status === "committed") return handled(commit)
    if (result.status === "repeated") {
      const { payloadHash, messageId, outcome, stream } = result.record
      if (payloadHash !== prepared.payloadHash) return record(ports, prepared, misuse(prepared))
      return { outcome, duplicate: messageId !== request.info.id, stream }
    }
    if (result.status === "claimTaken")
      return record(
        ports,
        prepared,
        refusal(prepared, commit.expected, refusalOfClaim(prepared.owner.aggregate, result.claim)),
      )
    if (result.status === "forgotten")
      return record(ports, prepared, refusal(prepared, commit.expected, report("SubjectForgotten")))
    if (result.status === "tooLarge") {
      const message = `${kernelRejections.TooLarge} Limit: ${result.limit}.`
      return record(ports, prepared, refusal(prepared, commit.expected, { ...report("TooLarge"), message }))
    }
    await ports.pause(attempt)
  }
  return record(ports, prepared, failure(prepared, `still contended after ${decisionAttemptsMax} attempts`))
}

/** Records a command as FAILED. */
export function failCommand(ports: CommandPorts, request: CommandRequest, reason: string): Promise<Handled> {
  const prepared = prepare(ports, request)
  return record(ports, prepared, failure(prepared, reason))
}

/** The same once, unless it waits behind one of these streams by now; undefined when it does, or others were in the way. */
export function failUnlessWaiting(
  ports: CommandPorts,
  prepared: Prepared,
  reason: string,
  streams: ReadonlySet<string>,
): Promise<Handled | undefined> {
  return recordOnce(ports, prepared, { ...failure(prepared, reason), unlessBehind: [...streams] })
}

/** One attempt: everything that a commit needs, from the state as it is now. */
async function decideOnce(ports: CommandPorts, prepared: Prepared, behind?: string): Promise<Commit> {
  const { owner, command, request, stream, data } = prepared
  const { aggregate } = owner
  if (prepared.invalid !== undefined) return refusal(prepared, 0, prepared.invalid)
  if (request.info.hops > hopsMax) return refusal(prepared, 0, report("TooManyHops"))

  const { authorize, decide } = commandOf(aggregate, command.type)
  const reading = rehydrate(ports.events, aggregate, stream, ports.reducerHash(aggregate), behind)
  const [current, membership, relied] = await Promise.all([
    reading,
    asksForRole(prepared) ? findRole(ports, prepared, reading, behind) : undefined,
    readRelied(ports, prepared, behind),
  ])
  const role = membership?.role
  const info = {
    ...request.info,
    relied: relied.states,
    ...(role === undefined ? {} : { actor: { ...request.info.actor, role } }),
  }
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
  if (decision.length > 0) await keepVaulted(ports, prepared)
  return acceptance(ports, prepared, current, decision, [...(membership?.guards ?? []), ...relied.guards])
}

/** What an event refers to is in the vault before the event is stored. */
async function keepVaulted({ vault }: CommandPorts, { vaulted, request }: Prepared): Promise<void> {
  if (vaulted.length > 0 && vault === undefined) throw new Error(`there is no vault for ${request.type}`)
  for (const { reference, value } of vaulted) await vault?.put(reference, value)
}

const asksForRole = ({ owner, command, request }: Prepared) =>
  needsRole(commandOf(owner.aggregate, command.type).authorize) && request.info.actor.kind !== "automation"

/** Every stream that a decision may read: while one of them is set aside, the command waits behind it. */
export function streamsRead({ tenancy }: CommandPorts["app"], prepared: Prepared): ReadonlySet<string> {
  const { owner, request, stream, tenant } = prepared
  const person = request.info.actor.id
  const sources = asksForRole(prepared) ? tenancy.sources : []
  return new Set([
    stream,
    ...sources.map(({ of, key }) => streamOf({ tenant, aggregate: of.name, id: key({ tenant, person }) })),
    ...(owner.aggregate.relies ?? []).map(({ of, id }) => streamOf({ tenant, aggregate: of.name, id: id(tenant) })),
  ])
}

/** The streams that the aggregate relies on, and a guard for each: what was relied on still holds when the decision commits. */
async function readRelied(ports: CommandPorts, { owner, tenant }: Prepared, behind?: string) {
  const read = (owner.aggregate.relies ?? []).map(async ({ of, id }) => {
    const stream = streamOf({ tenant, aggregate: of.name, id: id(tenant) })
    const { state, version } = await rehydrate(ports.events, of, stream, ports.reducerHash(of), behind)
    return { name: of.name, state, guard: { stream, version } }
  })
  const found = await Promise.all(read)
  return {
    states: new Map(found.map(({ name, state }) => [name, state])),
    guards: found.map(({ guard }) => guard),
  }
}

/** The role that the membership's streams give the actor, and the streams to guard so that a removal cannot be overtaken. */
async function findRole(
  ports: CommandPorts,
  { request, stream, tenant }: Prepared,
  reading: Promise<Rehydrated>,
  behind?: string,
) {
  const person = request.info.actor.id
  const guards: { stream: string; version: number }[] = []
  for (const source of ports.app.tenancy.sources) {
    const at = streamOf({ tenant, aggregate: source.of.name, id: source.key({ tenant, person }) })
    const { state, version } = await (at === stream
      ? reading
      : rehydrate(ports.events, source.of, at, ports.reducerHash(source.of), behind))
    const role = source.role(state as never, person)
    if (role === undefined) continue
    if (role === null) break
    if (at !== stream) guards.push({ stream: at, version })
    return { role, guards }
  }
  return { role: undefined, guards }
}

const handled = ({ decided }: Commit): Handled => ({
  outcome: decided.outcome,
  duplicate: false,
  stream: decided.stream,
})

/** Commits an outcome that wrote no event; contention on such a write is over after a few attempts. */
export async function record(ports: CommandPorts, prepared: Prepared, commit: Commit): Promise<Handled> {
  for (let attempt = 1; attempt <= decisionAttemptsMax; attempt++) {
    const recorded = await recordOnce(ports, prepared, commit)
    if (recorded !== undefined) return recorded
    await ports.pause(attempt)
  }
  throw new Error(`could not record the outcome of ${commit.decided.commandType} ${commit.decided.info.commandId}`)
}

/** Undefined when it was not recorded, and is to be tried again. */
async function recordOnce(ports: CommandPorts, prepared: Prepared, commit: Commit): Promise<Handled | undefined> {
  const result = await ports.events.commit(commit)
  if (result.status === "committed") return handled(commit)
  if (result.status !== "repeated") return undefined
  const { payloadHash, messageId, outcome, stream } = result.record
  if (payloadHash !== commit.payloadHash) return record(ports, prepared, misuse(prepared))
  return { outcome, duplicate: messageId !== prepared.request.info.id, stream }
}
