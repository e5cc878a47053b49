import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const copy = mkdtempSync(join(tmpdir(), "foldline-new-"))
const needed = [
  "bin",
  "src/cli",
  "src/contexts",
  "src/core",
  "src/model",
  "test/scenario.ts",
  "biome.json",
  ".gitignore",
]
for (const path of [...needed, "package.json", "package-lock.json", "vitest.config.ts"])
  cpSync(join(root, path), join(copy, path), { recursive: true })
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction")
const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")) as { compilerOptions: object }
writeFileSync(
  join(copy, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: { ...compilerOptions, incremental: false, tsBuildInfoFile: undefined },
    include: ["src/contexts", "test"],
  }),
)
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (script: string, ...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, script), ...args], {
    cwd: copy,
    encoding: "utf8",
    env: { ...process.env, VITEST: undefined, NO_COLOR: "1" },
  })
  return { status, said: `${stdout}${stderr}` }
}
const foldline = (...args: readonly string[]) => run("bin/foldline.mjs", "new", ...args)
const succeeds = ({ status, said }: ReturnType<typeof run>) => expect(status, said).toBe(0)

const patienceMs = 120_000

describe("foldline new", () => {
  test("writes a context, aggregates, views and an automation that pass at once", { timeout: patienceMs }, () => {
    succeeds(foldline("context", "lending", "--aggregate", "copy"))
    succeeds(foldline("aggregate", "hold", "--context", "lending"))
    succeeds(foldline("view", "copies", "--aggregate", "copy"))
    succeeds(foldline("view", "copy", "--aggregate", "copy"))
    succeeds(foldline("view", "membershipsHeld", "--aggregate", "membership"))

    expect(foldline("automation", "addHoldOnCopyAdded").said).toContain("add backend() to its authorize in hold.ts")
    const hold = join(copy, "src/contexts/lending/hold.ts")
    const text = readFileSync(hold, "utf8").replace("AddHold: member(", "AddHold: anyOf(backend(), member(")
    writeFileSync(hold, text.replace('"member"),', '"member")),').replace("Aggregate, ", "Aggregate, anyOf, backend, "))
    succeeds(foldline("automation", "addHoldOnCopyAdded"))

    succeeds(run("node_modules/@biomejs/biome/bin/biome", "check", "src/contexts", "test"))
    succeeds(run("node_modules/typescript/bin/tsc", "-p", "."))
    succeeds(run("node_modules/tsx/dist/cli.mjs", "src/model/generate.ts"))
    expect(readFileSync(join(copy, "schema.graphql"), "utf8")).toContain("copies(accountId: ID!")
    const { status, said } = run("node_modules/vitest/vitest.mjs", "run", "--project", "rule")
    expect(status, said).toBe(0)
    expect(said).toMatch(/Tests +11 passed/)
  })

  test("writes nothing when the name is taken, reserved or unknown", { timeout: patienceMs }, () => {
    expect(foldline("aggregate", "invitation", "--context", "accounts").said).toContain(
      "foldline: invitation is an aggregate of accounts: choose another name",
    )
    expect(foldline("aggregate", "events", "--context", "accounts").said).toContain("events is reserved")
    expect(foldline("view", "members", "--aggregate", "account").said).toContain("members is taken on the API")
    expect(foldline("view", "lost", "--aggregate", "nothing").said).toContain("there is no aggregate to listen to")
    expect(foldline("context", "billing").said).toContain("foldline new context billing --aggregate <name>")
    const { status, said } = foldline("saga", "billing")
    expect(said).toContain("it is one of context, aggregate, view, automation")
    expect(status).toBe(1)
  })
})
