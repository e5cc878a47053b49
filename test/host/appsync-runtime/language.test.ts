import { describe, expect, test } from "vitest"
import { evaluateCode } from "../../../src/host/appsync/runtime/evaluateCode.ts"
import { evaluated } from "./evaluated.ts"

const evaluate = (body: string, context: object = {}) =>
  evaluateCode({ code: `export function request(ctx) { ${body} }`, context: JSON.stringify(context) })

describe("EvaluateCode", () => {
  test("answers result, stash, appended errors and log lines", () => {
    const code = [
      'import { util } from "@aws-appsync/utils"',
      "export function response(ctx) {",
      "  ctx.stash.seen = ctx.args.id",
      '  console.log("found", { id: ctx.args.id })',
      '  util.appendError("careful", "Soft")',
      "  return ctx.result",
      "}",
    ].join("\n")
    const context = JSON.stringify({ arguments: { id: "7" }, result: { name: "Ada" } })
    const answer = evaluateCode({ code, context, function: "response" })
    expect(answer.evaluationResult).toBe('{"name":"Ada"}')
    expect(answer.stash).toBe('{"seen":"7"}')
    expect(JSON.parse(answer.outErrors ?? "")).toMatchObject([{ message: "careful", errorType: "Soft" }])
    expect(answer.logs).toEqual(['INFO - code.js:4:3: "found" {"id":"7"}'])
  })

  test("answers the errors of code that AWS refuses", () => {
    const { error, evaluationResult } = evaluate("return new Set()")
    expect(evaluationResult).toBeUndefined()
    expect(error?.message).toBe("The code contains one or more errors.")
    expect(error?.codeErrors).toEqual([
      {
        errorType: "UNSUPPORTED_SYNTAX_TYPE",
        value: "New expressions are not supported.",
        location: { line: 1, column: 39, span: 9 },
      },
    ])
  })

  test("answers a failure at run time without code errors, with its position", () => {
    const { error } = evaluate("return ctx.args.a.b.c")
    expect(error?.codeErrors).toBeUndefined()
    expect(error?.message).toMatch(/^code\.js:1:\d+: TypeError: /)
  })

  test("refuses a context that is not an object, and a function that the code lacks", () => {
    const code = "export function request(ctx) { return {} }"
    expect(() => evaluateCode({ code, context: "[]" })).toThrow("The context must be a JSON object.")
    expect(() => evaluateCode({ code, context: "{}", function: "response" })).toThrow("exports no function response")
  })
})

describe("the runtime", () => {
  test("gives an empty string for JSON that does not parse", () => {
    expect(evaluate('return { value: JSON.parse("{") }').evaluationResult).toBe('{"value":""}')
  })

  test("cannot tell null from undefined, as AWS was seen to do", () => {
    const context = { arguments: { given: null } }
    const tests =
      "[ctx.args.given === undefined, ctx.args.missing !== null, void 0 === ctx.args.given, undefined === null]"
    expect(evaluated(tests, context)).toEqual([true, false, true, true])
  })

  test("hides the selection set from JSON.stringify, not from reading", () => {
    const context = { info: { fieldName: "f", selectionSetList: ["id"], selectionSetGraphQL: "{id}" } }
    const { evaluationResult } = evaluate(
      "return { text: JSON.stringify(ctx.info), list: ctx.info.selectionSetList }",
      context,
    )
    expect(JSON.parse(evaluationResult ?? "")).toEqual({ text: '{"fieldName":"f"}', list: ["id"] })
  })

  test("does not let what one call changed be seen by the next", () => {
    const body =
      'const before = Object.keys({}).length; ctx.args.id = "changed"; return { before, id: ctx.arguments.id }'
    const first = evaluate(body, { arguments: { id: "1" } })
    expect(first.evaluationResult).toBe('{"before":0,"id":"changed"}')
    expect(evaluate("return ctx.args", { arguments: { id: "1" } }).evaluationResult).toBe('{"id":"1"}')
  })

  test("ends a loop over more than 1,000 elements without a word, as AWS was seen to do", () => {
    const list = Array.from({ length: 1500 }, (_, index) => index)
    const { evaluationResult } = evaluate(
      `let loop = 0; for (const one of ctx.args.list) { loop = one }
       let keys = ""; for (const key in ctx.args.list) { keys = key }
       return { loop, keys, map: ctx.args.list.map(n => n).length, sum: ctx.args.list.reduce((count, n) => count + 1, 0), rest: ctx.args.list.slice(1000).length }`,
      { arguments: { list } },
    )
    expect(JSON.parse(evaluationResult ?? "")).toEqual({ loop: 999, keys: "999", map: 1000, sum: 1000, rest: 500 })
  })

  test("has no clock and nothing of the host, even for code that the gate could not see through", () => {
    const { evaluationResult } = evaluate(
      'const name = "constructor"; return { kinds: [typeof ctx[name].prototype.process, typeof ctx[name]] }',
    )
    expect(JSON.parse(evaluationResult ?? "")).toEqual({ kinds: ["undefined", "function"] })
    const { error } = evaluate('const name = "constructor"; return ctx[name][name]("return 1")()')
    expect(error?.message).toContain("Code generation from strings disallowed")
  })
})
