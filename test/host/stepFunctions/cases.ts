import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Json, JsonObject } from "../../../src/host/host.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { express, machineHost, runSync, single } from "./machineHost.ts"

/** What an execution by a definition makes of an input: its output, or `fails(…)`. */
export type Case = readonly [title: string, definition: JsonObject, input: Json, expected: Json]

export const pass = (more: JsonObject) => single({ Type: "Pass", ...more })

/** The value of a path or of an intrinsic function. */
export const value = (expression: string) => pass({ Parameters: { "v.$": expression }, OutputPath: "$.v" })

export const fails = (error: string, cause?: string): JsonObject => ({ error, ...(cause !== undefined && { cause }) })

/** Runs each case on an Express machine of its own, all on one host. */
export function testCases(subject: string, title: string, cases: readonly Case[]): void {
  describe(subject, () => {
    let running: RunningHost
    beforeAll(async () => {
      running = await machineHost(
        Object.fromEntries(cases.map(([, definition], index) => [`M${index}`, express(definition)])),
      )
    })
    afterAll(() => running.stop())

    test.each(cases.map(([name], index) => ({ name, index })))(title, async ({ index }) => {
      const [, , input = {}, expected] = cases[index] ?? []
      const ended = await runSync(running, `M${index}`, input)
      const isFailure = typeof expected === "object" && expected !== null && "error" in expected
      if (isFailure) expect(ended).toMatchObject({ status: "FAILED", ...expected })
      else expect(ended).toEqual({ status: "SUCCEEDED", output: expected })
    })
  })
}
