import { randomUUID } from "node:crypto"
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { clientOf, hostWith, roleWith } from "./localHost.ts"

/** What the plan was asked about calls. */
const asked: { id: string; attempt: number }[] = []
let running: RunningHost
beforeAll(async () => {
  running = await hostWith(
    { Sender: roleWith({ Effect: "Allow", Action: "events:PutEvents", Resource: "*" }) },
    {
      faults: {
        at: (hop, id, attempt) => {
          if (hop !== "sdk") return undefined
          asked.push({ id, attempt })
          return attempt <= 5 ? { kind: "throttle" } : undefined
        },
      },
    },
  )
})
afterAll(() => running.stop())

test("whoever makes a call again makes its next attempt, so that none fails for ever", async () => {
  const Detail = JSON.stringify({ id: randomUUID() })
  /** An invocation of a function: a client of its own, which tries three times. */
  const invocation = () =>
    new EventBridgeClient({ ...clientOf(running, "Sender"), maxAttempts: 3 })
      .send(new PutEventsCommand({ Entries: [{ Source: "a.b", DetailType: "C", Detail }] }))
      .then(
        () => "sent",
        ({ name }) => name,
      )
  expect([await invocation(), await invocation(), await invocation()]).toEqual(["ThrottlingException", "sent", "sent"])
  expect(asked.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1)
})
