import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Bundles, bundleFunctions } from "../../../infra/bundle.ts"

const entries = "src/lambdas"
const outdir = mkdtempSync(join(tmpdir(), "foldline-bundle-"))
const names = readdirSync(entries).flatMap(file => (file.endsWith(".lambda.ts") ? [file.slice(0, -10)] : []))
let bundles: Bundles

/** The decision is waited for; mails and upkeep are not. */
const bytesMax: Readonly<Record<string, number>> = {
  // 450 KB, the line that was drawn for it.
  domainBehavior: 460_800,
  notifier: 780_000,
  caretaker: 640_000,
  stripeHook: 780_000,
  stripeNotifier: 1_080_000,
}
/** What a function reads when it loads. */
const environment = Object.fromEntries(
  [
    "API_URL",
    "BUS_NAME",
    "TABLE_EVENTS",
    "TABLE_TRACE",
    "APP_SECRET_ID",
    "TABLE_VIEWS",
    "KMS_KEY_ID",
    "VAULT_PREFIX",
  ].map(name => [name, "http://x"]),
)

beforeAll(async () => {
  bundles = await bundleFunctions({ entries, outdir, constants: { FOLDLINE_REDUCER_HASHES: '"{}"' } })
})
afterAll(() => rmSync(outdir, { recursive: true }))

describe.each(names)("the bundle of %s", name => {
  const path = () => join(bundles.folder(name), "index.js")
  const bytesOf = (part: RegExp) => {
    const output = Object.entries(bundles.metafile.outputs).find(([file]) => file.endsWith(`/${name}/index.js`))?.[1]
    const inputs = Object.entries(output?.inputs ?? {}).filter(([input]) => part.test(input))
    return inputs.reduce((bytes, [, { bytesInOutput }]) => bytes + bytesInOutput, 0)
  }

  test("is alone in its folder", () => expect(readdirSync(dirname(path()))).toEqual(["index.js"]))

  test("exports its handler", () => expect(readFileSync(path(), "utf8")).toMatch(/module\.exports=\{handler\}/))

  test("loads in a function's environment", () => {
    const load = `require(${JSON.stringify(path())}).handler.call`
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=commonjs", "--eval", load], {
      encoding: "utf8",
      env: { ...environment, AWS_REGION: "eu-west-1", AUTOMATION: "mailInvitationOnMemberInvited", DECIDER_ARNS: "x" },
    })
    expect(status === 0 ? "" : stderr.slice(-1_000)).toBe("")
  })

  test("imports nothing while it runs, so that the local host can reuse its compiled form", () =>
    expect(readFileSync(path(), "utf8")).not.toMatch(/\bimport\s*\(/))

  test("speaks no language but English", () => {
    expect(bytesOf(/zod\/v4\/locales\/(?!en\.js)/)).toBe(0)
    expect(bytesOf(/node_modules\/zod\//)).toBeLessThan(100_000)
  })

  test("is small", () => expect(statSync(path()).size).toBeLessThan(bytesMax[name] ?? 560_000))
})

describe("bundling", () => {
  test("puts constants into the code", async () => {
    const source = join(outdir, "source")
    mkdirSync(source)
    writeFileSync(join(source, "greet.lambda.ts"), "declare const WHOM: string\nexport const handler = () => WHOM")
    const { folder } = await bundleFunctions({
      entries: source,
      outdir: join(outdir, "greet"),
      constants: { WHOM: '"you"' },
    })
    const { handler } = createRequire(import.meta.url)(join(folder("greet"), "index.js"))
    expect(handler()).toBe("you")
    expect(() => folder("wave")).toThrow(`there is no function wave: ${source} has greet`)
  })

  test("without any entry says what an entry is", () =>
    expect(bundleFunctions({ entries: "src/nowhere", outdir: join(outdir, "none") })).rejects.toThrow(
      "src/nowhere holds no function: an entry is a file <name>.lambda.ts",
    ))
})
