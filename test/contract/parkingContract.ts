import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import type { Marker, Parking, Waiting } from "../../src/core/parking.ts"
import { about } from "../../src/core/personal.ts"
import type { EventStore } from "../../src/core/ports.ts"
import { commandInfo } from "../scenario.ts"
import { commitOf } from "./eventStoreContract.ts"

const hash = "reducer-1"
const newStream = () => `tenant/counter/${randomUUID()}`
const markerAt = (stream: string, version: number): Marker => ({
  stream,
  version,
  cause: "Counted v9 is not known",
  at: "2026-11-01T10:00:00.000Z",
  arrived: 0,
})

function waitingBehind(stream: string, commandId = randomUUID(), messageId = randomUUID()): Waiting {
  const info = commandInfo({ commandId, id: messageId, tenant: "tenant" })
  return {
    behind: stream,
    stream,
    commandType: "test.Count",
    info,
    outcome: { status: "PARKED", reason: "Counted v9 is not known" },
    decidedAt: "2026-11-01T10:00:00.000Z",
    events: [],
    payloadHash: "payload",
    request: { type: "test.Count", data: { email: about("email:a@example.org", '"a@example.org"') }, info },
  }
}

/** What parking and the event store beside it promise. */
export function parkingContract(name: string, open: () => Promise<{ events: EventStore; parking: Parking }>): void {
  describe(`a stream that is set aside ${name}`, () => {
    let events: EventStore
    let parking: Parking
    beforeAll(async () => {
      ;({ events, parking } = await open())
    })

    /** A stream of two events, set aside. */
    async function parkedStream(): Promise<Marker> {
      const stream = newStream()
      await events.commit(commitOf(stream, 0, 2))
      const marker = markerAt(stream, 3)
      expect(await parking.park(marker)).toBe("parked")
      return marker
    }
    const found = async (stream: string) => (await parking.find(stream)) as Marker

    test("is met by every load and refuses every commit", async () => {
      const marker = await parkedStream()
      const loaded = await events.load(marker.stream, hash)
      expect(loaded.parked).toEqual(marker)
      expect(loaded.events).toHaveLength(2)
      expect(await events.commit(commitOf(marker.stream, 2, 1))).toEqual({ status: "conflict" })
    })

    test("shows no event more to whoever reads or lists", async () => {
      const { stream } = await parkedStream()
      const versions: number[] = []
      for await (const event of events.read(stream, 1)) versions.push(event.info.version)
      expect(versions).toEqual([1, 2])
      const streams: string[] = []
      for await (const one of events.streams("counter")) streams.push(one)
      expect(streams.filter(one => one === stream)).toHaveLength(1)
    })

    test("is set aside once, and only where it ends", async () => {
      const { stream } = await parkedStream()
      expect(await parking.park(markerAt(stream, 3))).toBe("moved")
      const moving = newStream()
      await events.commit(commitOf(moving, 0, 2))
      expect(await parking.park(markerAt(moving, 2))).toBe("moved")
      expect(await parking.find(moving)).toBeUndefined()
    })

    test("keeps what waits in order of arrival, each once", async () => {
      const { stream } = await parkedStream()
      const all = [1, 2, 3].map(() => waitingBehind(stream))
      for (const one of all) expect(await parking.wait(await found(stream), one)).toEqual({ status: "waits" })
      const again = { ...all[0], info: { ...all[0]?.info, id: "another message" } } as Waiting
      expect(await parking.wait(await found(stream), again)).toEqual({
        status: "repeated",
        messageId: all[0]?.info.id,
        payloadHash: "payload",
      })
      expect((await parking.waiting(stream)).map(({ info }) => info.id)).toEqual(all.map(({ info }) => info.id))
      expect(await found(stream)).toMatchObject({ arrived: 3 })
    })

    test("lets one of two that come at once be the next", async () => {
      const { stream } = await parkedStream()
      const marker = await found(stream)
      const results = await Promise.all(
        [waitingBehind(stream), waitingBehind(stream)].map(one => parking.wait(marker, one)),
      )
      expect(results.filter(({ status }) => status === "waits")).toHaveLength(1)
      expect(await parking.waiting(stream)).toHaveLength(1)
    })

    test("lets nobody wait whom another delivery decided meanwhile", async () => {
      const { stream } = await parkedStream()
      const commandId = randomUUID()
      await events.commit(commitOf(newStream(), 0, 1, { commandId }))
      expect(await parking.wait(await found(stream), waitingBehind(stream, commandId))).toEqual({ status: "moved" })
      expect(await parking.waiting(stream)).toEqual([])
      expect(await found(stream)).toMatchObject({ arrived: 0 })
    })

    test("refuses an outcome that must not be while the command waits", async () => {
      const { stream } = await parkedStream()
      const waiting = waitingBehind(stream)
      await parking.wait(await found(stream), waiting)
      const { commandId } = waiting.info
      const ended = commitOf(newStream(), 0, 0, { commandId, unlessBehind: [newStream(), stream] })
      expect(await events.commit(ended)).toEqual({ status: "conflict" })
      await parking.leave(waiting)
      expect(await events.commit(ended)).toEqual({ status: "committed" })
    })

    test("gives personal values of what waits back as such", async () => {
      const { stream } = await parkedStream()
      await parking.wait(await found(stream), waitingBehind(stream))
      const [waiting] = await parking.waiting(stream)
      expect(waiting?.request.data.email).toMatchObject({ value: '"a@example.org"' })
    })

    test("moves its marker on with what is decided behind it", async () => {
      const marker = await parkedStream()
      const { stream } = marker
      expect(await events.commit(commitOf(stream, 2, 2, { behind: marker }))).toEqual({ status: "committed" })
      expect(await found(stream)).toEqual({ ...marker, version: 5 })
      expect((await events.load(stream, hash)).events).toHaveLength(4)
      expect(await events.commit(commitOf(stream, 4, 1))).toEqual({ status: "conflict" })
    })

    test("refuses what is decided behind a marker that others have come to since", async () => {
      const marker = await parkedStream()
      await parking.wait(marker, waitingBehind(marker.stream))
      expect(await events.commit(commitOf(marker.stream, 2, 1, { behind: marker }))).toEqual({ status: "conflict" })
    })

    test("still vouches for a decision elsewhere that relied on it", async () => {
      const { stream } = await parkedStream()
      const guards = [{ stream, version: 2 }]
      expect(await events.commit(commitOf(newStream(), 0, 1, { guards }))).toEqual({ status: "committed" })
    })

    test("is released only when nobody came meanwhile, and then goes on", async () => {
      const marker = await parkedStream()
      const { stream } = marker
      const waiting = waitingBehind(stream)
      await parking.wait(marker, waiting)
      expect(await parking.release(marker)).toBe("moved")
      await parking.leave(waiting)
      await parking.leave(waiting)
      expect(await parking.waiting(stream)).toEqual([])
      expect(await parking.release(await found(stream))).toBe("released")
      expect(await events.load(stream, hash)).not.toHaveProperty("parked")
      expect(await events.commit(commitOf(stream, 2, 1))).toEqual({ status: "committed" })
    })

    test("stands in the list, page by page", async () => {
      const all = [await parkedStream(), await parkedStream(), await parkedStream()]
      const listed: string[] = []
      let nextToken: string | undefined
      do {
        const page = await parking.markers(2, nextToken)
        listed.push(...page.markers.map(({ stream }) => stream))
        nextToken = page.nextToken
      } while (nextToken !== undefined)
      expect(listed).toEqual(expect.arrayContaining(all.map(({ stream }) => stream)))
    })
  })
}
