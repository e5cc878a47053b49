import { expect, test } from "vitest"
import { createFaultPoint } from "../../../src/host/faultPoint.ts"
import { noFaults } from "../../../src/host/faults.ts"

test("the plan hears which attempt of its message a try is, and of another message by itself", () => {
  const asked: unknown[] = []
  const at = createFaultPoint({ faults: { at: (...all) => void asked.push(all) } }, "stream")
  for (const id of ["one", "other", "one"]) at(() => id)
  expect(asked).toEqual([
    ["stream", "one", 1],
    ["stream", "other", 1],
    ["stream", "one", 2],
  ])
})

test("of very many messages the latest are remembered", () => {
  const attempts: number[] = []
  const at = createFaultPoint({ faults: { at: (_hop, _id, attempt) => void attempts.push(attempt) } }, "sdk")
  for (let id = 0; id <= 50_000; id++) at(() => String(id))
  at(() => "50000")
  at(() => "0")
  expect(attempts.slice(-2)).toEqual([2, 1])
})

test("without a plan no message is named", () => {
  const at = createFaultPoint({ faults: noFaults }, "lambda")
  expect(at(() => expect.unreachable())).toBeUndefined()
})
