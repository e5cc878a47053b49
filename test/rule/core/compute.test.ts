import { describe, expect, test } from "vitest"
import { app } from "../../../src/contexts/index.ts"
import { compute } from "../../../src/core/run/compute.ts"
import { kernel } from "./kernel.ts"

const asked = (question: string, given: unknown) =>
  compute(app, kernel().views, question, given, "2026-11-21T12:00:00.000Z")

describe("a computed query", () => {
  test("is answered, what is left out being as if it were not there", async () =>
    expect(await asked("indexCostEstimate", { settings: null })).toEqual({ hourMillionths: 97_300, monthCents: 7_103 }))

  test("that asks for something that is not valid is told so: no function has failed", async () =>
    expect(await asked("indexCostEstimate", { settings: { storageClass: "wood" } })).toMatchObject({
      notValid: expect.stringMatching(/^settings\.storageClass: /),
    }))

  test("of no manifest fails", () => expect(asked("weather", {})).rejects.toThrow("there is no query weather"))
})
