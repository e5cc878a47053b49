import { commandOf } from "../aggregate.ts"
import { commandKey } from "../outcome.ts"
import type { Marker, Parking, Waiting } from "../parking.ts"
import { about, emailSubject, mapPersonal, metaOf } from "../personal.ts"
import { failure, misuse } from "./commitOf.ts"
import { failUnlessWaiting, type Handled, handleCommand, record, streamsRead } from "./handleCommand.ts"
import { type CommandPorts, type CommandRequest, type Prepared, prepare } from "./prepareCommand.ts"
import { StreamParkedError, UnfoldableStreamError } from "./rehydrate.ts"

export interface ParkingPorts extends CommandPorts {
  readonly parking: Parking
}

/** The command waits behind a stream that is set aside. */
export interface Parked {
  readonly outcome: Waiting["outcome"]
  readonly duplicate: boolean
  readonly stream: string
}

export const parkAttemptsMax = 20

/**
 * Decides a command, or lets it wait in order of arrival behind the stream that cannot be folded: its own, or one that says what
 * its sender may do. `behind` names the stream that is being released, whose marker does not count.
 */
export async function decideOrPark(
  ports: ParkingPorts,
  request: CommandRequest,
  behind?: string,
): Promise<Handled | Parked> {
  for (let attempt = 1; attempt <= parkAttemptsMax; attempt++) {
    try {
      return await handleCommand(ports, request, behind)
    } catch (error) {
      if (error instanceof UnfoldableStreamError && error.stream !== behind) await setAside(ports, error)
      else if (error instanceof StreamParkedError) {
        const waits = await waitBehind(ports, request, error.marker)
        if (waits !== undefined) return waits
      } else throw error
    }
    await ports.pause(attempt)
  }
  throw new Error(`${request.type} ${request.info.commandId} could not wait: too many others came at once`)
}

/**
 * What becomes of a command that could not be decided at all: it waits when a stream that its decision reads is set aside, since
 * then another delivery of it may wait there already; else it ends FAILED.
 */
export async function failOrPark(
  ports: ParkingPorts,
  request: CommandRequest,
  reason: string,
): Promise<Handled | Parked> {
  const prepared = prepare(ports, request)
  const streams = streamsRead(ports.app, prepared)
  for (let attempt = 1; attempt <= parkAttemptsMax; attempt++) {
    const marker = await firstMarker(ports, streams)
    const ended =
      marker === undefined
        ? await failUnlessWaiting(ports, prepared, reason, streams)
        : await waitBehind(ports, request, marker)
    if (ended !== undefined) return ended
    await ports.pause(attempt)
  }
  throw new Error(`${request.type} ${request.info.commandId} could neither wait nor end: too many others came at once`)
}

async function firstMarker({ parking }: ParkingPorts, streams: ReadonlySet<string>): Promise<Marker | undefined> {
  for (const stream of streams) {
    const marker = await parking.find(stream)
    if (marker !== undefined) return marker
  }
  return undefined
}

const setAside = (ports: ParkingPorts, { stream, version, reason }: UnfoldableStreamError) =>
  ports.parking.park({ stream, version: version + 1, cause: reason, at: ports.now(), arrived: 0 })

/** Undefined when the marker has moved, or the command was decided by another delivery: then the command is to be looked at again. */
async function waitBehind(
  ports: ParkingPorts,
  request: CommandRequest,
  marker: Marker,
): Promise<Handled | Parked | undefined> {
  const prepared = prepare(ports, request)
  const known = await ports.events.recall(commandKey(request.info))
  if (known !== undefined) {
    if (known.payloadHash !== prepared.payloadHash) return record(ports, prepared, misuse(prepared))
    return { outcome: known.outcome, duplicate: known.messageId !== request.info.id, stream: known.stream }
  }
  const waiting = waitingOf(prepared, marker)
  const result = await ports.parking.wait(marker, waiting)
  if (result.status === "moved" || result.status === "busy") return undefined
  if (result.status === "repeated" && result.payloadHash !== prepared.payloadHash)
    return record(ports, prepared, misuse(prepared))
  const duplicate = result.status === "repeated" && result.messageId !== request.info.id
  return { outcome: waiting.outcome, duplicate, stream: prepared.stream }
}

function waitingOf(prepared: Prepared, marker: Marker): Waiting {
  const { request, owner, command, stream, payloadHash, now } = prepared
  const { actor } = request.info
  const { schema } = commandOf(owner.aggregate, command.type)
  const data = Object.entries(request.data).map(([field, value]) => {
    const { personal, secret } = metaOf(schema.shape[field])
    return [field, (personal === true || secret === true) && value != null ? wrapped(actor.id, value) : value]
  })
  const email = actor.email === undefined ? {} : { email: wrapped(actor.id, actor.email) as unknown as string }
  return {
    behind: marker.stream,
    stream,
    commandType: request.type,
    info: { ...request.info, actor: { id: actor.id, kind: actor.kind, groups: [] } },
    outcome: { status: "PARKED", reason: marker.cause },
    decidedAt: now(),
    events: [],
    payloadHash,
    request: {
      ...request,
      data: Object.fromEntries(data),
      info: { ...request.info, actor: { ...actor, ...email } },
    },
  }
}

/** A value of any kind, to be encrypted for the address that it is, else for the actor. */
const wrapped = (actor: string, value: unknown) =>
  about(typeof value === "string" && value.includes("@") ? emailSubject(value) : actor, JSON.stringify(value))

/** Ends a command that waits as FAILED, without deciding it. */
export function failWaiting(ports: CommandPorts, waiting: Waiting, reason: string): Promise<Handled> {
  // By the words that it came with, so that a repeat of them is known.
  const prepared = { ...prepare(ports, requestOf(waiting)), payloadHash: waiting.payloadHash }
  return record(ports, prepared, failure(prepared, reason))
}

/** The command as it arrived; what was about a person who is forgotten is null. */
export const requestOf = ({ request }: Waiting): CommandRequest =>
  mapPersonal(request, ({ value }) => (value === null ? null : JSON.parse(value))) as CommandRequest
