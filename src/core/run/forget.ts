import type { Directory } from "../directory.ts"
import { type App, aggregateNamed, projectionsIn, viewsIn } from "../manifest.ts"
import type { Parking, Waiting } from "../parking.ts"
import { emailSubject, subjectsOf } from "../personal.ts"
import type { Deliveries, WrappedKeys } from "../ports.ts"
import { parseStream } from "../stream.ts"
import type { Built, UpkeepStore } from "../upkeep.ts"
import { storedName } from "../view.ts"
import { speaksOf } from "./deliver.ts"
import { failWaiting } from "./park.ts"
import type { CommandPorts } from "./prepareCommand.ts"
import { check, type SweepPorts } from "./sweep.ts"
import { viewsOf } from "./updateViews.ts"

export interface PurgePorts extends SweepPorts {
  readonly directory: Directory
}

export interface ForgetPorts extends PurgePorts, CommandPorts {
  readonly events: CommandPorts["events"]
  readonly parking: Parking
  readonly deliveries: Deliveries
  readonly keys: Pick<WrappedKeys, "shred">
  readonly upkeep: Pick<UpkeepStore, "addForgotten">
  readonly track: {
    /** Removes every way to find a trace by this text; how many there were. */
    unpoint(text: string): Promise<number>
  }
  /** The subject as stores spell it. */
  readonly nameOf: (subject: string) => string
  /** The person with this id, or with this verified address, where people sign in. */
  readonly person: (text: string) => Promise<{ readonly id: string; readonly address?: string } | undefined>
  readonly letters: {
    /** Removes dead letters that nobody handles and that speak of one of these texts; how many there were. */
    purge(texts: readonly string[]): Promise<number>
    /** Dead letters that are being handled, and cannot be looked into. */
    inHand(): Promise<number>
  }
  /** Waits until no function uses a key that was shredded. */
  readonly settle: () => Promise<void>
}

/** What was removed or written anew. */
export interface Purged {
  /** Streams that speak of the subjects. */
  readonly streams: number
  readonly claims: number
  readonly rows: number
  readonly pointers: number
  readonly letters: number
  /** Parked commands, which ended FAILED. */
  readonly waiting: number
}

/** What was forgotten, without saying who it was. */
export interface Certificate {
  /** Hash of the subject. */
  readonly subject: string
  /** Hashes of what belongs to it: a person is forgotten together with the verified address. */
  readonly also: readonly string[]
  /** When the data keys were destroyed: with them every value in events, snapshots, outbox rows and parked commands. */
  readonly forgottenAt: string
  readonly at: string
  /** What this run removed or wrote anew. */
  readonly purged: Purged
  /** What a second look found and removed: nothing, when nothing has come back since the first. */
  readonly cameBack: Purged
  /** Where forgetting does not reach. */
  readonly unreached: readonly string[]
  /** Leads on when this run did not come to the end. */
  readonly next?: string
}

const nothing: Purged = { streams: 0, claims: 0, rows: 0, pointers: 0, letters: 0, waiting: 0 }
const neverReached = [
  "mails that were sent",
  "messages on their way: they are delivered or given up within six hours",
  "where the person signs in",
  "what clients keep",
]
const reason = "it was about somebody who is forgotten"

/** The subject that a text names: an e-mail address or a person's id. */
export const subjectNamed = (text: string) => (text.includes("@") ? emailSubject(text) : text.trim())

interface Place {
  /** Every subject is looked at once, and then once more. */
  readonly step: number
  readonly after?: string
}

/**
 * Forgets a person with the verified address, or an address: destroys the data keys, purges what was kept in the open, and looks a
 * second time. It may be cut short at any point and asked again; the keys go first, so that nothing that is purged can come back.
 */
export async function forget(ports: ForgetPorts, text: string, next?: string): Promise<Certificate> {
  const texts = await textsOf(ports, text)
  const forgottenAt = await destroyKeys(ports, texts)
  if (next === undefined) await ports.settle()

  const from: Place = next === undefined ? { step: 0 } : JSON.parse(next)
  const passes = [nothing, nothing]
  let place: Place | undefined = from
  while (place !== undefined) {
    const { step, after }: Place = place
    const pass = step < texts.length ? 0 : 1
    const one = texts[step % texts.length] ?? text
    const open = after === undefined ? await purgeOpen(ports, one) : nothing
    const { next: left, ...rows } = await purgeRows(ports, subjectNamed(one), after)
    passes[pass] = sum(passes[pass] ?? nothing, sum(open, { ...nothing, ...rows }))
    place = left !== undefined ? { step, after: left } : step + 1 < 2 * texts.length ? { step: step + 1 } : undefined
    if (ports.expired()) break
  }
  const [first = nothing, second = nothing] = passes
  const inHand = await ports.letters.inHand()
  const [subject = "", ...also] = texts.map(one => ports.hash(subjectNamed(one)))
  return {
    ...{ subject, also, forgottenAt, at: ports.now(), purged: first },
    // That a stream speaks of somebody is no return: what it says is sealed for ever.
    cameBack: { ...second, streams: 0 },
    unreached: [
      ...neverReached,
      ...(inHand === 0 ? [] : [`${inHand} dead letters that are being handled now: forget again in ten minutes`]),
    ],
    ...(place === undefined ? {} : { next: JSON.stringify(place) }),
  }
}

/** What names the person in the stores: as asked, then what belongs to it. Throws when nobody is named. */
async function textsOf(ports: ForgetPorts, asked: string): Promise<readonly string[]> {
  const text = asked.trim().toLowerCase()
  if (text === "") throw new Error("say whom to forget: a person's id or an e-mail address")
  const known = await ports.person(text)
  const named = [text.includes("@") ? text : asked.trim(), known?.id, known?.address?.toLowerCase()]
  return [...new Set(named.filter(one => one !== undefined))]
}

/** The time of the first key's destruction. */
async function destroyKeys(ports: ForgetPorts, texts: readonly string[]): Promise<string> {
  const times: string[] = []
  for (const name of texts.map(text => ports.nameOf(subjectNamed(text)))) {
    await ports.upkeep.addForgotten(name, ports.now())
    times.push(await ports.keys.shred(name, ports.now()))
  }
  return times[0] ?? ports.now()
}

/** Removes what stands in the open, and commands that wait. */
async function purgeOpen(ports: ForgetPorts, text: string): Promise<Purged> {
  const subject = subjectNamed(text)
  return {
    ...nothing,
    claims: await ports.directory.releaseAbout(subject),
    pointers: await ports.track.unpoint(text.toLowerCase()),
    letters: (await ports.letters.purge([text.toLowerCase()])) + (await purgeDeliveries(ports, text)),
    waiting: await endWaiting(ports, subject),
  }
}

const pageSize = 100

/** Messages that are kept because nobody could handle them may say in their own words what is to be forgotten. */
async function purgeDeliveries({ deliveries }: ForgetPorts, text: string): Promise<number> {
  let purged = 0
  let token: string | undefined
  do {
    const page = await deliveries.list(pageSize, token)
    for (const delivery of page.deliveries)
      if (delivery.what?.kind === "message" && speaksOf(delivery.what.message, text)) {
        await deliveries.settle(delivery)
        purged++
      }
    token = page.nextToken
  } while (token !== undefined)
  return purged
}

/** Parked commands of the subject, and those that speak of it, end FAILED: nobody can decide them any more. */
async function endWaiting(ports: ForgetPorts, subject: string): Promise<number> {
  const names = [subject, ports.nameOf(subject)]
  const isAbout = ({ info, request }: Waiting) =>
    names.includes(info.actor.id) || subjectsOf(request).some(one => names.includes(one))
  let ended = 0
  let token: string | undefined
  do {
    const page = await ports.parking.markers(pageSize, token)
    for (const { stream } of page.markers)
      for (const waiting of (await ports.parking.waiting(stream)).filter(isAbout)) {
        await failWaiting(ports, waiting, reason)
        await ports.parking.leave(waiting)
        ended++
      }
    token = page.nextToken
  } while (token !== undefined)
  return ended
}

/** Writes anew what views and projections hold of every stream that speaks of the subject. */
export async function purgeRows(ports: PurgePorts, subject: string, after?: string) {
  let streams = 0
  let rows = 0
  for await (const stream of ports.directory.speaking(subject, after)) {
    for (const built of builtFrom(ports.app, stream))
      rows += (await check(ports, built, stream, { heal: true, traceless: true })).written
    rows += await removeRetired(ports, stream)
    streams++
    if (ports.expired()) return { streams, rows, next: stream }
  }
  return { streams, rows }
}

/** Rows of view versions that the code does not have any more are kept up by nobody: they go. */
async function removeRetired({ app, views }: PurgePorts, stream: string): Promise<number> {
  const known = new Set([...viewsIn(app), ...projectionsIn(app)].map(storedName))
  const retired = [...(await views.sources(stream))].filter(([view, { keys }]) => !known.has(view) && keys.length > 0)
  let removed = 0
  for (const [view, { version, keys }] of retired) {
    const change = { stream, view, version, puts: [], deletes: keys, keys: [], expected: version }
    if ((await views.replace([change])) === "written") removed += keys.length
  }
  return removed
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

const sum = (one: Purged, other: Purged): Purged => ({
  streams: one.streams + other.streams,
  claims: one.claims + other.claims,
  rows: one.rows + other.rows,
  pointers: one.pointers + other.pointers,
  letters: one.letters + other.letters,
  waiting: one.waiting + other.waiting,
})
