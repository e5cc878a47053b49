import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import type { StoredRow, ViewChange, ViewStore } from "../../src/core/ports.ts"

const newStream = () => `tenant/thing/${randomUUID()}`

function changeTo(
  stream: string,
  version: number,
  expected: number,
  names: readonly string[],
  known: readonly string[] = [],
): ViewChange {
  const key = (name: string) => ({ partition: `${stream}/things.1`, sort: `${name}/thing` })
  const puts = names.map((name): StoredRow => ({ ...key(name), row: { name, version }, source: stream, version }))
  return {
    stream,
    view: "things.1",
    version,
    puts,
    deletes: known.filter(name => !names.includes(name)).map(key),
    keys: names.map(key),
    expected,
  }
}

/** What every view store promises. */
export function viewStoreContract(name: string, open: () => Promise<ViewStore>): void {
  describe(`the view store ${name}`, () => {
    let store: ViewStore
    beforeAll(async () => {
      store = await open()
    })

    test("writes the rows of a snapshot and remembers their keys", async () => {
      const stream = newStream()
      expect(await store.replace([changeTo(stream, 1, 0, ["a", "b"])])).toBe("written")
      const source = (await store.sources(stream)).get("things.1")
      expect(source?.version).toBe(1)
      expect(source?.keys).toHaveLength(2)
      expect((await store.get({ partition: `${stream}/things.1`, sort: "a/thing" }))?.row).toEqual({
        name: "a",
        version: 1,
      })
    })

    test("removes rows that a later snapshot does not give", async () => {
      const stream = newStream()
      await store.replace([changeTo(stream, 1, 0, ["a", "b"])])
      await store.replace([changeTo(stream, 2, 1, ["b"], ["a", "b"])])
      expect(await store.get({ partition: `${stream}/things.1`, sort: "a/thing" })).toBeUndefined()
      expect((await store.get({ partition: `${stream}/things.1`, sort: "b/thing" }))?.version).toBe(2)
    })

    test("is stale, and writes nothing, when the source record has moved on", async () => {
      const stream = newStream()
      await store.replace([changeTo(stream, 3, 0, ["a"])])
      expect(await store.replace([changeTo(stream, 2, 0, ["late"])])).toBe("stale")
      expect(await store.get({ partition: `${stream}/things.1`, sort: "late/thing" })).toBeUndefined()
    })

    test("keeps more rows of one snapshot than one transaction holds", async () => {
      const stream = newStream()
      const names = Array.from({ length: 130 }, (_, index) => `row-${index}`)
      expect(await store.replace([changeTo(stream, 1, 0, names)])).toBe("written")
      expect(await store.replace([changeTo(stream, 2, 1, names.slice(0, 5), names)])).toBe("written")
      expect(await store.get({ partition: `${stream}/things.1`, sort: "row-100/thing" })).toBeUndefined()
      expect((await store.get({ partition: `${stream}/things.1`, sort: "row-4/thing" }))?.version).toBe(2)
    })

    test("leaves a tombstone where a row read by key has gone", async () => {
      const stream = newStream()
      const key = { partition: `${stream}/thing.1`, sort: "." }
      const gone: StoredRow = { ...key, row: null, source: stream, version: 2 }
      await store.replace([{ stream, view: "thing.1", version: 2, puts: [gone], deletes: [], keys: [], expected: 0 }])
      expect(await store.get(key)).toMatchObject({ row: null, version: 2 })
    })

    test("advances a projection once for each step of a stream", async () => {
      const stream = newStream()
      const key = { partition: `${stream}/counts.1`, sort: "." }
      const step = { stream, projection: "counts.1", key, row: { n: 1 }, revision: 0, streams: 1, from: 0, to: 1 }
      expect(await store.progress("counts.1", key, stream)).toEqual({ revision: 0, streams: 0, version: 0 })
      expect(await store.advance(step)).toBe("written")
      expect(await store.advance(step)).toBe("stale")
      expect(await store.progress("counts.1", key, stream)).toEqual({
        row: { n: 1 },
        revision: 1,
        streams: 1,
        version: 1,
      })
    })

    test("advances past events that change nothing without a look at the row", async () => {
      const stream = newStream()
      const key = { partition: `${stream}/counts.1`, sort: "." }
      const step = { stream, projection: "counts.1", key, revision: 0, streams: 1, from: 0, to: 1 }
      await store.advance({ ...step, row: { n: 1 } })
      expect(await store.advance({ ...step, from: 1, to: 3 })).toBe("written")
      expect(await store.advance({ ...step, from: 1, to: 3 })).toBe("stale")
      expect(await store.progress("counts.1", key, stream)).toEqual({
        row: { n: 1 },
        revision: 1,
        streams: 1,
        version: 3,
      })
    })

    test("lets two streams advance one projection row in turn only", async () => {
      const [one, other] = [newStream(), newStream()]
      const key = { partition: `${one}/counts.1`, sort: "." }
      const step = { projection: "counts.1", key, row: { n: 1 }, revision: 0, streams: 1, from: 0, to: 1 }
      expect(await store.advance({ ...step, stream: one })).toBe("written")
      expect(await store.advance({ ...step, stream: other })).toBe("stale")
      expect(await store.advance({ ...step, stream: other, row: { n: 2 }, revision: 1 })).toBe("written")
    })

    test("writes a projection row anew only where it was read", async () => {
      const stream = newStream()
      const key = { partition: `${stream}/counts.1`, sort: "." }
      await store.advance({
        stream,
        projection: "counts.1",
        key,
        row: { n: 9 },
        revision: 0,
        streams: 1,
        from: 0,
        to: 5,
      })
      const anew = { projection: "counts.1", key, row: { n: 2 }, streams: 1, setBack: [{ stream, from: 5, to: 2 }] }
      expect(await store.rewrite({ ...anew, revision: 0 })).toBe("stale")
      expect(await store.rewrite({ ...anew, revision: 1 })).toBe("written")
      expect(await store.progress("counts.1", key, stream)).toEqual({
        row: { n: 2 },
        revision: 2,
        streams: 1,
        version: 2,
      })
      expect(await store.rewrite({ ...anew, row: undefined, revision: 2, setBack: [] })).toBe("written")
      expect((await store.progress("counts.1", key, stream)).row).toBeUndefined()
    })

    test("lists the rows of one partition in their order, without those that have gone, up to a maximum", async () => {
      const stream = newStream()
      const names = Array.from({ length: 5 }, (_, index) => `row-${4 - index}`)
      await store.replace([changeTo(stream, 1, 0, names)])
      const tomb: StoredRow = { partition: `${stream}/things.1`, sort: "aaa", row: null, source: stream, version: 2 }
      await store.replace([{ ...changeTo(stream, 2, 1, names), puts: [tomb] }])
      const listed = async (max: number) =>
        (await store.list(`${stream}/things.1`, max)).map(({ row }) => (row as { name: string }).name)
      expect(await listed(10)).toEqual(["row-0", "row-1", "row-2", "row-3", "row-4"])
      expect(await listed(2)).toEqual(["row-0", "row-1"])
      expect(await store.list(`${stream}/others.1`, 10)).toEqual([])
    })

    test("gives a row back with its keys in the shared indexes", async () => {
      const stream = newStream()
      const key = { partition: `${stream}/things.1`, sort: "a/thing" }
      const indexes = [{ partition: `${stream}/by`, sort: "a" }]
      const row: StoredRow = { ...key, row: { name: "a" }, source: stream, version: 1, indexes }
      await store.replace([
        { stream, view: "things.1", version: 1, puts: [row], deletes: [], keys: [key], expected: 0 },
      ])
      expect((await store.get(key))?.indexes).toEqual(indexes)
    })
  })
}
