import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { reducerHashes } from "../../../infra/reducerHashes.ts"
import { app } from "../../../src/contexts/index.ts"

const contexts = mkdtempSync(join(tmpdir(), "foldline-reducers-"))
for (const { name } of app.contexts) mkdirSync(join(contexts, name))
afterAll(() => rmSync(contexts, { recursive: true }))

/** Hashes of the app's aggregates, each written as this code. */
async function hashesOf(code: string) {
  for (const { name: context, aggregates } of app.contexts)
    for (const { name } of aggregates) writeFileSync(join(contexts, context, `${name}.ts`), code)
  return reducerHashes(app, contexts)
}

const fold = (by: string) => `import { z } from "zod"\nimport { messages } from "../../core/index.ts"
export const events = messages({ Counted: z.object({ by: z.int() }) })
export const evolve = { Counted: (state: number) => state + ${by} }`

describe("the hash of a reducer", () => {
  test("is there for each aggregate of the app as it is", async () => {
    const hashes = await reducerHashes(app, "src/contexts")
    const names = app.contexts.flatMap(({ aggregates }) => aggregates.map(({ name }) => name))
    expect(Object.keys(hashes).sort()).toEqual(names.sort())
    expect(new Set(Object.values(hashes)).size).toBe(names.length)
  })

  test("is another one when the fold is", async () =>
    expect(await hashesOf(fold("1"))).not.toEqual(await hashesOf(fold("2"))))

  test("stays when only comments and types change", async () =>
    expect(await hashesOf(fold("1"))).toEqual(await hashesOf(`/** Counts. */\ntype Unused = string\n${fold("1")}`)))

  test("cannot be made of an aggregate in a file of another name", async () => {
    rmSync(join(contexts, "accounts", "membership.ts"), { force: true })
    await expect(reducerHashes(app, contexts)).rejects.toThrow("aggregate membership must stand in a file of its name")
  })
})
