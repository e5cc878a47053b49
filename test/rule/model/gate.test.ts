import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { ESLint } from "eslint"
import { describe, expect, test } from "vitest"
import { bundleFunction } from "../../../src/model/resolverCode.ts"
import { resolverFaults } from "../../../src/model/resolverGate.ts"
import { pipelineFunctions } from "../../../src/model/resolverTable.ts"
import { checked, entries, functionNames } from "./pipeline.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))

describe("the resolvers", () => {
  test("are taken by AppSync, functions and generated texts alike", () => {
    const names = [...functionNames, ...entries.map(entry => `${entry.typeName}.${entry.fieldName}`)]
    const refused = checked.flatMap(({ errors, warnings }, index) =>
      errors.length + warnings.length === 0 ? [] : [{ name: names[index], errors, warnings }],
    )
    expect(checked).toHaveLength(names.length)
    expect(refused).toEqual([])
  })

  test("pass AppSync's own lint rules and the type check", { timeout: 60_000 }, async () => {
    expect(await resolverFaults()).toEqual([])
  })

  test("are what the lint rules look at", async () => {
    const wrong = "export function request() {\n  try { return {} } catch { return null }\n}\n"
    const eslint = new ESLint({ cwd: root })
    const [result] = await eslint.lintText(wrong, { filePath: `${root}resolvers/passOn.ts` })
    expect(result?.messages.map(({ ruleId }) => ruleId)).toContain("@aws-appsync/no-try")
  })

  test("are at most a dozen functions, each of them used, whatever it talks to", () => {
    const files = readdirSync(`${root}resolvers`).filter(file => file.endsWith(".ts"))
    const used = new Set(functionNames.map(name => pipelineFunctions[name].file))
    expect(files.map(file => `resolvers/${file}`).sort()).toEqual([...used].sort())
    expect(used.size).toBeLessThanOrEqual(12)
    expect(new Set(entries.flatMap(entry => entry.functions))).toEqual(new Set(functionNames))
  })

  test("name nothing physical and import only what AppSync has", () => {
    for (const name of functionNames) {
      const imports = [...bundleFunction(name).matchAll(/from "([^"]+)"/g)].map(([, from]) => from)
      expect(new Set([...imports, "@aws-appsync/utils"])).toEqual(new Set(["@aws-appsync/utils"]))
    }
    expect(entries.map(entry => entry.code).join()).not.toMatch(/arn:|Table|dynamodb\./)
  })
})
