import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { checkCode, checkCodes } from "../../../src/host/appsync/runtime/gate/checkCode.ts"

const rulesFolder = join(createRequire(import.meta.url).resolve("@aws-appsync/eslint-plugin"), "..", "rules")

interface RuleCase {
  rule: string
  code: string
}

/** The cases of AWS's own rule tests: their modules are run with a tester that only collects. */
function ruleCases(): { valid: RuleCase[]; invalid: RuleCase[] } {
  const collected = { valid: [] as RuleCase[], invalid: [] as RuleCase[] }
  class RuleTester {
    run(rule: string, _: unknown, cases: { valid: { code: string }[]; invalid: { code: string }[] }) {
      for (const { code } of cases.valid) collected.valid.push({ rule, code })
      for (const { code } of cases.invalid) collected.invalid.push({ rule, code })
    }
  }
  const provide = (name: string) => (name === "path" ? { join } : { RuleTester, default: {} })
  for (const file of readdirSync(rulesFolder).filter(name => name.endsWith(".test.js"))) {
    const run = new Function("exports", "require", "__dirname", readFileSync(join(rulesFolder, file), "utf8"))
    run({}, provide, rulesFolder)
  }
  return collected
}

const { valid, invalid } = ruleCases()

/** Cases that are valid for one rule and refused by another. */
const refusedElsewhere = /new Array\(\)|\.id\+\+/

/** The snippets name things that they do not declare, which is a parse error and not what a rule is about. */
const findingsOf = (cases: readonly RuleCase[]) =>
  checkCodes(cases.map(({ code }) => code.replaceAll(": number", ""))).map(({ errors }, index) => ({
    ...(cases[index] ?? { rule: "", code: "" }),
    kinds: errors.map(({ errorType }) => errorType).filter(kind => kind !== "PARSE_ERROR"),
  }))

describe("AWS's own rule tests", () => {
  test("are all found", () => {
    expect(valid.length).toBeGreaterThan(40)
    expect(invalid.length).toBeGreaterThan(40)
  })

  test.each(findingsOf(invalid))("$rule refuses: $code", ({ kinds }) => {
    expect(kinds).not.toEqual([])
  })

  test.each(findingsOf(valid.filter(({ code }) => !refusedElsewhere.test(code))))("$rule accepts: $code", ({
    kinds,
  }) => {
    expect(kinds).toEqual([])
  })
})

describe("the gate", () => {
  const body = (code: string) => `import * as ddb from "@aws-appsync/utils/dynamodb"
export function request(ctx) { ${code} }`
  const kindsOf = (code: string) => checkCode(body(code)).map(({ errorType, value }) => `${errorType} ${value.trim()}`)

  test.each([
    ["return ddb.sync({})", /PARSE_ERROR code\.js\(2,43\): error TS2339: Property 'sync' does not exist on type/],
    ["return { nextToken }", /TS18004|TS2304/],
    ["let key = { ge: 1 }; key = { eq: 1 }; return key", /TS2741/],
    ["return util.time.epochSecondsToISO8601(1)", /TS2339|TS2551/],
    ["return Date.now()", /INVALID_FUNCTION_INVOCATION .*Date\.now/],
    ["return { n: Number(ctx.args.n) }", /INVALID_FUNCTION_INVOCATION .*Number/],
    ['return { n: "1".padStart(3) }', /INVALID_FUNCTION_INVOCATION .*padStart/],
    ["return ctx.args.list.sort((a, b) => a - b)", /INVALID_FUNCTION_INVOCATION .*sort/],
    ["throw 'no'", /UNSUPPORTED_SYNTAX_TYPE Throw/],
    ["ctx.args = {}", /LINT_ERROR ctx is readonly/],
    ["return request(ctx)", /LINT_ERROR Recursive/],
    ["const clock = Date", /Date is not supported/],
  ])("refuses %s", (code, expected) => {
    expect(kindsOf(code).join("\n")).toMatch(expected)
  })

  test.each([
    "const { input: { id, ...values } } = ctx.args; return ddb.update({ key: { id }, update: values, condition: { id: { attributeExists: true } } })",
    'const names = {}; for (const [k, v] of Object.entries(ctx.args)) { if (v) names["#" + k] = k } return names',
    'let text = ctx.args.a ? "x" : ""; text += "y"; return { text, day: util.time.nowISO8601().substring(0, 10) }',
    "const list = []; ctx.args.items.forEach(i => { list.push({ ...i }) }); return list.map(i => i.id).join()",
    "const q = { operation: 'Query' }; q.limit = ctx.args.limit ?? 10; return q",
    "const { tags = [] } = ctx.args; return [...tags, 'x'].includes('y') && !ctx.identity?.sub",
    "return ddb.put({ key: { id: util.autoId() }, item: ctx.args, condition: { id: { attributeExists: false } } })",
  ])("takes %s", code => {
    expect(checkCode(body(code))).toEqual([])
  })

  test("refuses other modules than AppSync's and code above 32 KB", () => {
    expect(checkCode('import x from "lodash"').map(({ value }) => value)[0]).toContain("Cannot find module 'lodash'")
    const [error] = checkCode(`export const request = () => ({})\n${"//".padEnd(32_768, "x")}`)
    expect(error?.value).toContain("at most 32768")
  })

  test("warns of what AWS silently does otherwise", () => {
    const [checked] = checkCodes([body("let n = 1; const a = ctx.args.a ?? util.autoId(); return (n += 1)")])
    expect(checked?.errors).toEqual([])
    expect(checked?.warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining("??"),
      expect.stringContaining("compound assignment"),
    ])
  })
})
