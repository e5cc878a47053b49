import { randomUUID } from "node:crypto"
import { rmSync } from "node:fs"
import { documentClient } from "../src/adapters/dynamodb/client.ts"
import { dynamoDirectory } from "../src/adapters/dynamodb/directory.ts"
import { dynamoEventStore } from "../src/adapters/dynamodb/eventStore.ts"
import { dynamoUpkeepStore } from "../src/adapters/dynamodb/upkeepStore.ts"
import { dynamoViewStore } from "../src/adapters/dynamodb/viewStore.ts"
import { app } from "../src/contexts/index.ts"
import { rebuild } from "../src/core/run/rebuild.ts"
import { verify } from "../src/core/run/verify.ts"
import { startDynoxide } from "../src/host/dynamodb/dynoxide.ts"
import { createTable } from "./engines/tables.ts"
import { fill, keylessCipher } from "./fill.ts"
import type { Bench } from "./report.ts"
import { scratchFolder } from "./scratch.ts"
import { ownMemory, type Sample, type Trend, trendOf } from "./trend.ts"

/** One way through all events. */
export interface Pass {
  readonly what: string
  readonly events: number
  readonly eventsPerSecond: number
  readonly written: number
  readonly memory: Trend
}

const view = "account"
const eventsEach = 20
const tables = { events: "bench-events", views: "bench-views" }
const samplesMax = 25

/** Rebuilds a view from 100,000 events on an empty table, verifies it, and rebuilds it where nothing differs; one slice after the other. */
export async function rebuilding({ quick, tell }: Bench): Promise<readonly Pass[]> {
  const streams = (quick ? 10_000 : 100_000) / eventsEach
  const folder = scratchFolder(true)
  const dynoxide = await startDynoxide(folder, tell)
  const client = documentClient(dynoxide.url)
  try {
    await createTable(client, tables.events, "stream:S version:N", { directory: "directory:S stream:S" })
    const index = (number: number) => [`index${number}`, `partition${number}:S sort${number}:S`]
    await createTable(client, tables.views, "partition:S sort:S", Object.fromEntries([1, 2, 3].map(index)))
    tell(`writing ${(streams * eventsEach).toLocaleString("en")} events of ${streams.toLocaleString("en")} accounts`)
    const accounts = Array.from({ length: streams }, () => ({
      id: randomUUID(),
      ownerId: randomUUID(),
      events: eventsEach,
      members: 0,
    }))
    // The rows go elsewhere: what is rebuilt stands on an empty table.
    await createTable(client, "bench-other", "partition:S sort:S")
    await fill(client, { events: tables.events, views: "bench-other" }, accounts)

    const ports = {
      app,
      events: dynamoEventStore(client, { events: tables.events, idempotency: "", outbox: "" }, keylessCipher),
      views: dynamoViewStore(client, tables.views),
      directory: dynamoDirectory(client, tables.events, keylessCipher.nameOf),
      upkeep: dynamoUpkeepStore(client, tables.views),
      now: () => new Date().toISOString(),
      pause: () => new Promise<void>(resolve => setTimeout(resolve, 1)),
      random: Math.random,
      expired: () => false,
    }
    const pass = async (what: string, slice: () => Promise<Slice>): Promise<Pass> => {
      const samples: Sample[] = []
      const started = performance.now()
      let pausedMs = 0
      let done: Slice = { streams: 0, written: 0, ended: false }
      while (!done.ended) {
        done = await slice()
        if (done.streams < (samples.length * streams) / samplesMax && !done.ended) continue
        const before = performance.now()
        samples.push(ownMemory(done.streams * eventsEach))
        pausedMs += performance.now() - before
        tell(`${what}: ${done.streams} of ${streams} accounts`)
      }
      if (done.streams !== streams) throw new Error(`${what} saw ${done.streams} accounts of ${streams}`)
      const seconds = (performance.now() - started - pausedMs) / 1000
      const events = streams * eventsEach
      return { what, events, eventsPerSecond: events / seconds, written: done.written, memory: trendOf(samples) }
    }
    const rebuildOnce = async (what: string) => {
      await rebuild(ports, { view, action: "start" })
      return pass(what, async () => {
        const { streams, written, status } = await rebuild(ports, { view, action: "next" })
        return { streams, written, ended: status === "DONE" }
      })
    }
    const first = await rebuildOnce("rebuild of an empty view")
    return [first, await pass("verify", verifying(ports)), await rebuildOnce("rebuild where nothing differs")]
  } finally {
    client.destroy()
    await dynoxide.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Slice {
  readonly streams: number
  readonly written: number
  readonly ended: boolean
}

/** Verifies slice by slice. Throws when something has drifted: the rebuild before has made it. */
function verifying(ports: Parameters<typeof verify>[0]): () => Promise<Slice> {
  let streams = 0
  let cursor: string | undefined
  return async () => {
    const found = await verify(ports, { view, ...(cursor === undefined ? {} : { cursor }) })
    if (Object.keys(found.found).length > 0) throw new Error(`the view differs: ${JSON.stringify(found.found)}`)
    streams += found.streams
    cursor = found.cursor
    return { streams, written: 0, ended: cursor === undefined }
  }
}
