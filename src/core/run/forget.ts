import type { Directory } from "../directory.ts"
import { type App, aggregateNamed, projectionsIn } from "../manifest.ts"
import { emailSubject } from "../personal.ts"
import type { WrappedKeys } from "../ports.ts"
import { parseStream } from "../stream.ts"
import type { Built, UpkeepStore } from "../upkeep.ts"
import { check, type SweepPorts } from "./sweep.ts"
import { viewsOf } from "./updateViews.ts"

export interface ForgetPorts extends SweepPorts {
  readonly directory: Directory
  readonly keys: Pick<WrappedKeys, "shred">
  readonly upkeep: Pick<UpkeepStore, "addForgotten">
  readonly track: {
    /** Removes every way to find a trace by this text; how many there were. */
    unpoint(text: string): Promise<number>
  }
  /** The subject as stores spell it. */
  readonly nameOf: (subject: string) => string
  readonly letters: {
    /** Removes dead letters that nobody handles and that speak of this text; how many there were. */
    purge(text: string): Promise<number>
  }
  readonly hash: (text: string) => string
  /** Waits until no function uses a key that was shredded. */
  readonly settle: () => Promise<void>
}

/** What was forgotten, without saying who it was. */
export interface Certificate {
  /** Hash of the subject. */
  readonly subject: string
  /** When the data key was destroyed: with it every value in events, snapshots, outbox rows and parked commands. */
  readonly forgottenAt: string
  readonly at: string
  /** What this run removed or wrote anew. */
  readonly purged: {
    readonly streams: number
    readonly claims: number
    readonly rows: number
    readonly pointers: number
    readonly letters: number
  }
  /** Leads on when this run did not come to the end. */
  readonly next?: string
}

/** The subject that a text names: an e-mail address or a person's id. */
export const subjectNamed = (text: string) => (text.includes("@") ? emailSubject(text) : text.trim())

/**
 * Forgets a person's id or an address: destroys the data key, then purges what was kept in the open. It may be cut short at any
 * point and asked again; the key goes first, so that nothing that is purged can come back.
 */
export async function forget(ports: ForgetPorts, text: string, after?: string): Promise<Certificate> {
  const subject = subjectNamed(text)
  if (subject === "" || subject === "email:") throw new Error("say whom to forget: a person's id or an e-mail address")
  const name = ports.nameOf(subject)
  await ports.upkeep.addForgotten(name, ports.now())
  const forgottenAt = await ports.keys.shred(name, ports.now())
  if (after === undefined) await ports.settle()

  const claims = await ports.directory.releaseAbout(subject)
  const pointers = await ports.track.unpoint(text.trim().toLowerCase())
  const letters = after === undefined ? await ports.letters.purge(text.trim().toLowerCase()) : 0
  const { streams, rows, next } = await purgeRows(ports, subject, after)
  return {
    subject: ports.hash(subject),
    forgottenAt,
    at: ports.now(),
    purged: { streams, claims, rows, pointers, letters },
    ...(next === undefined ? {} : { next }),
  }
}

/** Writes anew what views and projections hold of every stream that speaks of the subject. */
export async function purgeRows(
  ports: Omit<ForgetPorts, "keys" | "track" | "letters">,
  subject: string,
  after?: string,
) {
  let streams = 0
  let rows = 0
  for await (const stream of ports.directory.speaking(subject, after)) {
    for (const built of builtFrom(ports.app, stream))
      rows += (await check(ports, built, stream, { heal: true, traceless: true })).written
    streams++
    if (ports.expired()) return { streams, rows, next: stream }
  }
  return { streams, rows }
}

/** Every view and projection over the stream's aggregate. */
export function builtFrom(app: App, stream: string): readonly Built[] {
  const aggregate = aggregateNamed(app, parseStream(stream).aggregate)?.aggregate
  if (aggregate === undefined) return []
  const projections = projectionsIn(app).filter(({ from }) => from.some(({ of }) => of === aggregate))
  return [
    ...viewsOf(app, aggregate).map((view): Built => ({ kind: "view", view })),
    ...projections.map((projection): Built => ({ kind: "projection", projection })),
  ]
}
