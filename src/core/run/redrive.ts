import { aggregateNamed } from "../manifest.ts"
import type { Waiting } from "../parking.ts"
import type { Track } from "../ports.ts"
import { parseStream } from "../stream.ts"
import { commands, logOf } from "../supportLog.ts"
import { failCommand } from "./handleCommand.ts"
import { logSupport } from "./logSupport.ts"
import { decideOrPark, type ParkingPorts, requestOf } from "./park.ts"
import { rehydrate, UnfoldableStreamError } from "./rehydrate.ts"

export interface RedrivePorts extends ParkingPorts {
  readonly track: Track
}

/** How far a redrive has come. */
export interface Redriven {
  readonly stream: string
  readonly status: "RELEASED" | "RELEASING" | "PARKED"
  /** Commands that were decided this time. */
  readonly released: number
  readonly left: number
  readonly cause?: string
}

/** A command that throws so often by itself ends FAILED and lets its successors go on. */
export const redriveAttemptsMax = 3

/**
 * Releases a stream that can be folded again: every waiting command is decided in order of arrival, its sender authorized anew,
 * while whoever comes later still waits; then the marker goes. Who released it is an event before anything is decided. Stops at
 * `deadline` (ISO): ask again while something is left.
 */
export async function redrive(ports: RedrivePorts, stream: string, by: string, deadline: string): Promise<Redriven> {
  let released = 0
  for (;;) {
    const marker = await ports.parking.find(stream)
    if (marker === undefined) return { stream, status: "RELEASED", released, left: 0 }
    const cause = await whyNot(ports, stream)
    const queue = await ports.parking.waiting(stream)
    if (cause !== undefined) return { stream, status: "PARKED", released, left: queue.length, cause }
    // One event for each time that somebody releases what was set aside then, however many calls it takes.
    await logRelease(ports, stream, by, marker, `${stream}/${marker.at}/${by}`)

    for (const [index, waiting] of queue.entries()) {
      if (ports.now() >= deadline) return { stream, status: "RELEASING", released, left: queue.length - index }
      await settle(ports, waiting, by)
      released++
    }
    if (queue.length === 0 && (await ports.parking.release(marker)) === "released")
      return { stream, status: "RELEASED", released, left: 0 }
  }
}

/** Why the code as it is cannot fold the stream; undefined when it can. */
export async function whyNot(
  ports: Pick<ParkingPorts, "app" | "events" | "reducerHash">,
  stream: string,
): Promise<string | undefined> {
  const { aggregate: name } = parseStream(stream)
  const aggregate = aggregateNamed(ports.app, name)?.aggregate
  if (aggregate === undefined) return `there is no aggregate ${name}`
  try {
    await rehydrate(ports.events, aggregate, stream, ports.reducerHash(aggregate), stream)
    return undefined
  } catch (error) {
    if (error instanceof UnfoldableStreamError) return error.reason
    throw error
  }
}

async function settle(ports: RedrivePorts, waiting: Waiting, by: string): Promise<void> {
  const { info, behind } = waiting
  const outcome = await decideAtLast(ports, waiting)
  await ports.track.record([
    {
      traceId: info.traceId,
      step: "released",
      causeId: info.id,
      component: waiting.commandType,
      at: ports.now(),
      actor: by,
      commandId: info.commandId,
      stream: behind,
      message: `released: ${outcome}`,
    },
  ])
  await ports.parking.leave(waiting)
}

async function decideAtLast(ports: RedrivePorts, waiting: Waiting): Promise<string> {
  const request = requestOf(waiting)
  for (let attempt = 1; ; attempt++)
    try {
      return (await decideOrPark(ports, request, waiting.behind)).outcome.status
    } catch (error) {
      if (error instanceof UnfoldableStreamError && error.stream === waiting.behind) throw error
      if (attempt === redriveAttemptsMax) return (await failCommand(ports, request, String(error))).outcome.status
      await ports.pause(attempt)
    }
}

/** Makes it an event that somebody releases something; the same `occasion` makes it once. */
export const logRelease = (
  ports: RedrivePorts,
  stream: string,
  by: string,
  { cause, at }: { readonly cause: string; readonly at: string },
  occasion: string,
) =>
  logSupport(
    ports,
    { by, stream, commandId: ports.hash(`release/${occasion}`) },
    commands.ReleaseParkedWork({ log: logOf(stream), stream, cause, since: at }),
  )
