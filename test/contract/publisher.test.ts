import { randomUUID } from "node:crypto"
import { EventBridgeClient } from "@aws-sdk/client-eventbridge"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { eventBridgePublisher } from "../../src/adapters/eventbridge/publisher.ts"
import { tapBus } from "../../src/cli/chaos/tap.ts"
import { PoisonedError } from "../../src/core/poisoned.ts"
import type { BusMessage, Publisher } from "../../src/core/ports.ts"
import type { RunningHost } from "../../src/host/options.ts"
import { startLocalHost } from "../localHost.ts"
import { storesOf } from "../slice/stores.ts"

let running: RunningHost
let publisher: Publisher
beforeAll(async () => {
  running = await startLocalHost()
  const { settings, named, cipher } = storesOf(running)
  publisher = eventBridgePublisher(new EventBridgeClient(settings), named("Bus"), cipher)
}, 120_000)
afterAll(() => running?.stop())

const replayed = (text: string): BusMessage => ({
  channel: "replay",
  to: "nobody",
  event: { id: randomUUID(), type: "accounts.Nothing", data: { text } },
})

describe("the publisher on EventBridge", () => {
  test("publishes more than one call holds, by number and by size", async () => {
    const tap = await tapBus(running.local)
    const messages = [
      ...Array.from({ length: 25 }, () => replayed("small")),
      ...Array.from({ length: 4 }, () => replayed("x".repeat(400_000))),
    ]
    await publisher.publish(messages)
    const heard = new Set<string>()
    const startedAt = Date.now()
    while (heard.size < messages.length && Date.now() - startedAt < 10_000)
      for (const { detail } of await tap.drain()) heard.add(detail.id)
    expect([...heard].sort()).toEqual(messages.map(({ event }) => event.id).sort())
  })

  test("says of a message that the bus can never take that no repeat helps", async () => {
    const error = await publisher.publish([replayed("x".repeat(1_100_000))]).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(PoisonedError)
    expect(String(error)).toContain("the bus cannot take it")
  })
})
