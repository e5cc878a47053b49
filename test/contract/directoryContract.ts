import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { type Directory, directoryShards } from "../../src/core/directory.ts"
import { about, emailSubject } from "../../src/core/index.ts"
import { commandKey } from "../../src/core/outcome.ts"
import type { Claim, EventStore } from "../../src/core/ports.ts"
import { streamOf } from "../../src/core/stream.ts"
import { commandInfo } from "../scenario.ts"
import { eventually } from "../slice/person.ts"

interface Stores {
  readonly events: EventStore
  readonly directory: Directory
}

const listed = async (streams: AsyncIterable<string>) => {
  const found: string[] = []
  for await (const stream of streams) found.push(stream)
  return found
}

/** What every directory of an event store promises. */
export function directoryContract(name: string, open: () => Promise<Stores>): void {
  describe(`the directory ${name}`, () => {
    let stores: Stores
    beforeAll(async () => {
      stores = await open()
    })

    /** Commits one event on a new stream. */
    async function begin(
      tenant: string,
      data: Record<string, unknown> = {},
      claim: readonly Claim[] = [],
    ): Promise<string> {
      const info = commandInfo({ commandId: randomUUID(), tenant })
      const stream = streamOf({ tenant, aggregate: "listed", id: randomUUID() })
      const { id, actor, ...thread } = info
      const event = { ...thread, id: `${stream}/1`, actor: actor.id, stream, version: 1, causationId: id }
      const result = await stores.events.commit({
        key: commandKey(info),
        payloadHash: "payload",
        decided: {
          stream,
          commandType: "test.Begin",
          info,
          outcome: { status: "COMMITTED", version: 1, eventCount: 1 },
          decidedAt: info.time,
          events: [{ type: "Begun", schemaVersion: 1, data, info: event }],
        },
        expected: 0,
        claim,
        release: [],
        guards: [],
      })
      expect(result).toEqual({ status: "committed" })
      return stream
    }

    const inParts = async (tenant: string) =>
      (
        await Promise.all(
          Array.from({ length: directoryShards }, (_, shard) =>
            listed(stores.directory.part("listed", shard, undefined, tenant)),
          ),
        )
      ).flat()

    test("lists each stream of a tenant in one of its parts", async () => {
      const [tenant, other] = [randomUUID(), randomUUID()]
      const streams = [await begin(tenant), await begin(tenant), await begin(tenant)]
      await begin(other)
      await eventually("the streams", async () => (await inParts(tenant)).length === 3)
      expect((await inParts(tenant)).sort()).toEqual([...streams].sort())
    })

    test("goes on after a stream", async () => {
      const tenant = randomUUID()
      for (let count = 0; count < 40; count++) await begin(tenant)
      await eventually("the streams", async () => (await inParts(tenant)).length === 40)
      for (let shard = 0; shard < directoryShards; shard++) {
        const all = await listed(stores.directory.part("listed", shard, undefined, tenant))
        expect(all).toEqual([...all].sort())
        expect(await listed(stores.directory.part("listed", shard, all[0], tenant))).toEqual(all.slice(1))
      }
    })

    test("leads from a subject to the streams that speak of it, and from no other", async () => {
      const tenant = randomUUID()
      const subject = emailSubject(`${randomUUID()}@example.org`)
      const two = [
        await begin(tenant, { email: about(subject, "x"), deep: [{ again: about(subject, "y") }] }),
        await begin(tenant, { email: about(subject, "x") }),
      ].sort()
      await begin(tenant, { email: about(`person-${randomUUID()}`, "x") })
      await begin(tenant)
      await eventually("both", async () => (await listed(stores.directory.speaking(subject))).length === 2)
      expect(await listed(stores.directory.speaking(subject))).toEqual(two)
      expect(await listed(stores.directory.speaking(subject, two[0]))).toEqual(two.slice(1))
    })

    test("gives up the unique values that are about a subject, and no others", async () => {
      const tenant = randomUUID()
      const subject = `person-${randomUUID()}`
      const [mine, other] = [randomUUID(), randomUUID()]
      await begin(tenant, {}, [
        { name: "value", value: mine, about: subject },
        { name: "value", value: other },
      ])
      await eventually("the claim", async () => (await stores.directory.releaseAbout(subject)) === 1)
      expect(await stores.directory.releaseAbout(subject)).toBe(0)
      await begin(tenant, {}, [{ name: "value", value: mine }])
      await expect(begin(tenant, {}, [{ name: "value", value: other }])).rejects.toThrow()
    })
  })
}
