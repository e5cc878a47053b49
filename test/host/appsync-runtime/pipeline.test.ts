import { randomUUID } from "node:crypto"
import { afterAll, describe, expect, test } from "vitest"
import { createResolvers } from "../../../src/host/appsync/resolvers.ts"
import { openCodeCache } from "../../../src/host/appsync/runtime/codeCache.ts"
import type { JsonObject } from "../../../src/host/host.ts"
import { cpuMsOf } from "../../cpuTime.ts"
import { createTestHost, evaluate, fieldCall, resolversOf } from "./testApi.ts"

const api = createTestHost()
afterAll(() => api.close())

const imports = 'import { util, runtime, extensions } from "@aws-appsync/utils"\n'
const handlers = (request: string, response: string) =>
  `${imports}export function request(ctx) { ${request} }\nexport function response(ctx) { ${response} }`

/** Runs a pipeline over NONE: the resolver's handlers and each function's. */
const runPipeline = (resolver: string, functions: readonly string[], args: JsonObject = {}) => {
  const ids = functions.map((_, index) => `f${index + 1}`)
  const resolvers = resolversOf(
    api,
    { it: { code: resolver, functions: ids } },
    {
      functions: functions.map((code, index) => ({
        functionId: `f${index + 1}`,
        code,
        properties: { Name: `step${index + 1}`, DataSourceName: "none" },
      })),
    },
  )
  return resolvers.run(fieldCall("it", args))
}

const plusOne = handlers("return { payload: (ctx.prev.result ?? 0) + 1 }", "return ctx.result")

describe("a unit resolver", () => {
  test("passes the payload of its request through NONE to its response", async () => {
    const { value } = await evaluate(api, handlers("return { payload: ctx.args }", "return ctx.result.id"), { id: "7" })
    expect(value).toBe("7")
  })

  test("gives the value of an early return and runs neither data source nor response", async () => {
    const { value } = await evaluate(
      api,
      handlers('runtime.earlyReturn("early"); return {}', "util.error('not reached')"),
    )
    expect(value).toBe("early")
  })

  test("fails with the type, data and info of util.error, after what was appended", async () => {
    const result = await evaluate(
      api,
      handlers(
        "return {}",
        "util.appendError('soft', 'Soft'); util.error('no', 'Refused', { id: 1 }, { why: 2 }); return 3",
      ),
    )
    expect(result.value).toBeNull()
    expect(result.errors).toMatchObject([
      { message: "soft", errorType: "Soft" },
      { message: "no", errorType: "Refused", data: { id: 1 }, errorInfo: { why: 2 } },
    ])
  })

  test("keeps its data beside appended errors, which ctx.outErrors lists", async () => {
    const result = await evaluate(api, handlers("util.appendError('soft'); return {}", "return ctx.outErrors.length"))
    expect(result).toMatchObject({ value: 1, errors: [{ message: "soft" }] })
  })

  test("fails as Unauthorized", async () => {
    const { errors } = await evaluate(api, handlers("util.unauthorized(); return {}", "return 1"))
    expect(errors).toMatchObject([{ errorType: "Unauthorized", message: "Not Authorized to access it on type Query" }])
  })

  test("fails with type Code and the place in the original source", async () => {
    const { errors } = await evaluate(api, handlers("return {}", "return ctx.result.deep.er"))
    expect(errors[0]).toMatchObject({ errorType: "Code", message: expect.stringMatching(/^code\.js:3:\d+: TypeError/) })
  })

  test("sees arguments, identity, environment and headers", async () => {
    const resolvers = resolversOf(
      api,
      {
        it: {
          code: handlers(
            "return { payload: [ctx.args.a, ctx.identity.sub, ctx.env.STAGE, ctx.request.headers.x, util.authType(), ctx.source.id] }",
            "return ctx.result",
          ),
        },
      },
      { environmentVariables: { STAGE: "test" } },
    )
    const { value } = await resolvers.run(
      fieldCall(
        "it",
        { a: 1 },
        {
          identity: { sub: "ada" },
          authMode: "AMAZON_COGNITO_USER_POOLS",
          request: { headers: { x: "y" }, domainName: null },
          source: { id: "parent" },
        },
      ),
    )
    expect(value).toEqual([1, "ada", "test", "y", "User Pool Authorization", "parent"])
  })

  test("hands filters, invalidations, headers and log lines on", async () => {
    const result = await evaluate(
      api,
      handlers(
        "return {}",
        `extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ id: { eq: "1" } }))
         extensions.invalidateSubscriptions({ subscriptionField: "onX", payload: { id: "1" } })
         util.http.addResponseHeader("x-count", 7)
         console.error("seen")
         return null`,
      ),
    )
    expect(result).toMatchObject({
      value: null,
      subscriptionFilter: { filterGroup: [{ filters: [{ fieldName: "id", operator: "eq", value: "1" }] }] },
      invalidations: [{ subscriptionField: "onX", payload: { id: "1" } }],
      responseHeaders: { "x-count": "7" },
    })
    expect(api.logged.at(-1)).toMatch(/^AppSync Query\.it: ERROR - code\.js:\d+:\d+: "seen"$/)
  })
})

describe("a pipeline", () => {
  const resolver = handlers(
    "ctx.stash.from = 'before'; return 10",
    "return [ctx.prev.result, ctx.result, ctx.stash.from]",
  )

  test("chains results through ctx.prev and keeps the stash", async () => {
    expect((await runPipeline(resolver, [plusOne, plusOne])).value).toEqual([12, 12, "before"])
  })

  test("goes on with the next function after an early return in a function's request", async () => {
    const early = handlers("runtime.earlyReturn(100); return {}", "util.error('not reached')")
    expect((await runPipeline(resolver, [early, plusOne])).value).toEqual([101, 101, "before"])
  })

  test("goes to the response after an early return with skipTo END", async () => {
    const early = handlers("runtime.earlyReturn(100, { skipTo: 'END' }); return {}", "return 1")
    expect((await runPipeline(resolver, [early, plusOne])).value).toEqual([100, 100, "before"])
  })

  test("skips all functions after an early return in its own request", async () => {
    const code = handlers("runtime.earlyReturn('none'); return {}", "return ctx.prev.result")
    expect((await runPipeline(code, [plusOne])).value).toBe("none")
  })

  test("goes on with the first function when its own early return says NEXT", async () => {
    const code = handlers("runtime.earlyReturn(5, { skipTo: 'NEXT' }); return {}", "return ctx.prev.result")
    expect((await runPipeline(code, [plusOne])).value).toBe(6)
  })

  test("ends at util.error in any function", async () => {
    const result = await runPipeline(resolver, [handlers("return {}", "util.error('stop')"), plusOne])
    expect(result).toMatchObject({ value: null, errors: [{ message: "stop", errorType: null }] })
  })

  test("evaluates the module anew for each handler, so that nothing at its top level is remembered", async () => {
    const code = `let calls = 0\nconst next = () => { calls = calls + 1; return calls }
export function request(ctx) { return { payload: next() } }
export function response(ctx) { return [ctx.result, next()] }`
    expect((await evaluate(api, code)).value).toEqual([1, 1])
    expect((await evaluate(api, code)).value).toEqual([1, 1])
  })

  test("has a stash of its own in each run", async () => {
    const code = handlers("ctx.stash.n = (ctx.stash.n ?? 0) + 1; return {}", "return ctx.stash.n")
    expect((await runPipeline(code, [plusOne])).value).toBe(1)
    expect((await runPipeline(code, [plusOne])).value).toBe(1)
  })
})

describe("resolvers", () => {
  test("are refused together, each reason with its line, when AWS would refuse their code", () => {
    const create = () =>
      resolversOf(api, { a: { code: handlers("return new Map()", "return 1") }, b: { code: "for (;;) {}" } })
    expect(create).toThrow(/the resolver Query\.a:[\s\S]*code\.js\(2,39\): New[\s\S]*the resolver Query\.b:[\s\S]*For/)
  })

  test("whose templates lie in a bucket are named at start and their fields fail", async () => {
    const vtl = createResolvers(api.host, {
      dataSources: [{ name: "none", properties: { Type: "NONE" } }],
      functions: [],
      environmentVariables: {},
      resolvers: [
        {
          typeName: "Query",
          fieldName: "vtl",
          code: undefined,
          properties: { Kind: "UNIT", DataSourceName: "none", RequestMappingTemplateS3Location: "s3://a/b" },
        },
      ],
    })
    expect(api.warnings.at(-1)).toContain("the resolver Query.vtl has its mapping templates in a bucket")
    const { errors } = await vtl.run(fieldCall("vtl"))
    expect(errors[0]?.message).toContain("APPSYNC_JS")
  })

  test("are checked once: any later start knows their code", () => {
    const code = handlers(`return { payload: '${randomUUID()}' }`, "return ctx.result")
    expect(openCodeCache().get(code)).toBeUndefined()
    resolversOf(api, { it: { code } })
    expect(openCodeCache().get(code)).toMatchObject({ errors: [], exports: ["request", "response"] })
  })

  test("on a relational database are named at start and refused at use", async () => {
    const code = `import { select, createPgStatement } from "@aws-appsync/utils/rds"
export function request(ctx) { return createPgStatement(select({ from: "t" })) }
export function response(ctx) { return ctx.result }`
    const resolvers = resolversOf(
      api,
      { it: { code, source: "aurora" } },
      { dataSources: [{ name: "aurora", properties: { Type: "RELATIONAL_DATABASE" } }] },
    )
    expect(api.warnings.at(-1)).toContain("aurora has the type RELATIONAL_DATABASE")
    const { errors } = await resolvers.run(fieldCall("it"))
    expect(errors[0]?.message).toContain("aurora has the type RELATIONAL_DATABASE")
  })

  test("add at most 0.2 ms to their data source", async () => {
    const resolvers = resolversOf(api, { it: { code: handlers("return { payload: ctx.args }", "return ctx.result") } })
    const call = fieldCall("it", { text: "x".repeat(500) })
    for (let warm = 0; warm < 500; warm++) await resolvers.run(call)
    const batchMs: number[] = []
    for (let batch = 0; batch < 10; batch++)
      batchMs.push(
        await cpuMsOf(async () => {
          for (let turn = 0; turn < 100; turn++) await resolvers.run(call)
        }),
      )
    expect(Math.min(...batchMs) / 100).toBeLessThan(0.2)
  })
})
