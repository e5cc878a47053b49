import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type LambdaHost, startLambdaHost } from "./lambdaHost.ts"
import { zipOf } from "./zipFile.ts"

let lambda: LambdaHost
beforeAll(async () => {
  lambda = await startLambdaHost()
})
afterAll(() => lambda.stop())

const invoke = async (files: Record<string, string>, properties = {}, event: string | number | object = {}) => {
  const arn = await lambda.deploy(`f${Math.random().toString(36).slice(2)}`, files, properties)
  return lambda.service.invoke(arn, JSON.parse(JSON.stringify(event)), {})
}
const commonJs = (code: string) => ({ "index.js": code })

describe("a handler", () => {
  test("in an ES module gets the event and answers JSON", async () => {
    const result = await invoke(
      { "index.mjs": "export const handler = async event => ({ got: event.a, none: undefined })" },
      {},
      { a: 1 },
    )
    expect(result).toMatchObject({ payload: { got: 1 } })
    expect(result.functionError).toBeUndefined()
  })

  test("in a package of type module is an ES module", async () => {
    const files = {
      "package.json": '{"type":"module"}',
      "index.js": "export const handler = async () => import.meta.url.length > 0",
    }
    expect(await invoke(files)).toMatchObject({ payload: true })
  })

  test("may lie in a folder and in an object of its module", async () => {
    const files = { "src/app.js": "exports.api = { get: async () => 'nested' }" }
    expect(await invoke(files, { Handler: "src/app.api.get" })).toMatchObject({ payload: "nested" })
  })

  test("may answer by callback, after what it still waits for", async () => {
    const code = `let late = "no"; exports.handler = (event, context, callback) => {
      callback(null, { get late() { return late } }); setTimeout(() => { late = "yes" }, 20) }`
    expect(await invoke(commonJs(code))).toMatchObject({ payload: { late: "yes" } })
  })

  test("that returns nothing answers null", async () => {
    expect(await invoke(commonJs("exports.handler = () => {}"))).toMatchObject({ payload: null })
  })

  test("comes from a zip file or from the template itself", async () => {
    const folder = path.join(lambda.folder, "zips")
    mkdirSync(folder)
    writeFileSync(path.join(folder, "code.zip"), zipOf({ "index.mjs": "export const handler = async () => 'zipped'" }))
    expect(await invoke({}, { Code: { S3Bucket: "zips", S3Key: "code.zip" } })).toMatchObject({ payload: "zipped" })
    const ZipFile = "exports.handler = async () => 'inline'"
    expect(await invoke({}, { Code: { ZipFile } })).toMatchObject({ payload: "inline" })
  })
})

describe("a function's surroundings", () => {
  test("hold Lambda's environment, its own variables, and nothing of the laptop", async () => {
    process.env.SECRET_OF_THE_LAPTOP = "1"
    const { payload } = await invoke(commonJs("exports.handler = async () => process.env"), {
      Environment: { Variables: { TABLE: "t", NODE_OPTIONS: "--enable-source-maps" } },
      MemorySize: 256,
    })
    expect(payload).toMatchObject({
      TABLE: "t",
      NODE_OPTIONS: "--enable-source-maps",
      AWS_REGION: "eu-west-1",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_ENDPOINT_URL: lambda.host.url,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      _HANDLER: "index.handler",
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SESSION_TOKEN: expect.any(String),
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/),
    })
    expect(payload).not.toHaveProperty("SECRET_OF_THE_LAPTOP")
  })

  test("bring the AWS SDK, as Lambda's runtimes do", async () => {
    const code = "import { SQSClient } from '@aws-sdk/client-sqs'; export const handler = async () => typeof SQSClient"
    expect(await invoke({ "index.mjs": code })).toMatchObject({ payload: "function" })
  })

  test("describe the invocation in the context", async () => {
    const code = `exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() })`
    const { payload, requestId } = await invoke(commonJs(code), { Timeout: 60 })
    expect(payload).toMatchObject({ awsRequestId: requestId, memoryLimitInMB: "128", functionVersion: "$LATEST" })
    expect(payload).toMatchObject({
      invokedFunctionArn: expect.stringMatching(/^arn:aws:lambda:eu-west-1:123456789012:function:f/),
    })
    const { left } = payload as { left: number }
    expect(left).toBeGreaterThan(30_000)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  test("follow the host's clock", async () => {
    const moved = await startLambdaHost()
    moved.clock.advance(7 * 86_400_000)
    const arn = await moved.deploy(
      "dated",
      commonJs("exports.handler = async () => [Date.now(), +new Date(), new Date() instanceof Date]"),
    )
    const { payload } = await moved.service.invoke(arn, {}, {})
    const [now, made, isDate] = payload as [number, number, boolean]
    expect(Math.abs(now - moved.clock.now())).toBeLessThan(60_000)
    expect(made - now).toBeLessThan(60_000)
    expect(isDate).toBe(true)
    await moved.stop()
  })

  test("stay warm from one invocation to the next", async () => {
    const arn = await lambda.deploy("counter", commonJs("let n = 0; exports.handler = async () => ++n"))
    await lambda.service.invoke(arn, {}, {})
    expect(await lambda.service.invoke(arn, {}, {})).toMatchObject({ payload: 2 })
  })

  test("write its output to the log with the request id", async () => {
    const code = "exports.handler = async () => { console.log('one\\ntwo'); console.error('three') }"
    const { requestId } = await invoke(commonJs(code))
    const written = lambda.lines.filter(line => line.requestId === requestId).map(({ line }) => line)
    expect(written.slice(0, 3)).toEqual(["one", "two", "three"])
    expect(written[3]).toMatch(/^REPORT RequestId: .* Duration: /)
  })
})

describe("a failing function", () => {
  test("answers the error's type, message and trace", async () => {
    const code = "exports.handler = async () => { throw new TypeError('no good') }"
    const result = await invoke(commonJs(code))
    expect(result.functionError).toBe("Unhandled")
    expect(result.payload).toMatchObject({ errorType: "TypeError", errorMessage: "no good" })
    expect(result.payload).toMatchObject({ trace: expect.arrayContaining(["TypeError: no good"]) })
  })

  test.each([
    [
      "that runs too long is ended",
      "exports.handler = async () => { for (;;) {} }",
      { errorType: "Sandbox.Timedout", errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/) },
    ],
    [
      "that exits is reported",
      "exports.handler = async () => process.exit(3)",
      { errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/exit status 3$/) },
    ],
    [
      "with a late uncaught error is reported",
      "exports.handler = () => new Promise(() => setTimeout(() => { throw new RangeError('late') }))",
      { errorType: "RangeError" },
    ],
    [
      "with a forgotten rejection is reported",
      "exports.handler = () => new Promise(() => { Promise.reject(new Error('lost')); setTimeout(() => {}, 500) })",
      { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: lost" },
    ],
    [
      "whose promise never settles is reported",
      "exports.handler = () => new Promise(() => {})",
      { errorType: "Runtime.NodeJsExit" },
    ],
    [
      "that needs too much memory is killed",
      "exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(0.5)) }",
      { errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/signal: killed$/) },
    ],
    ["that does not load is reported", "throw new Error('broken')", { errorType: "Error", errorMessage: "broken" }],
    ["that misses a module is reported", "require('not-there')", { errorType: "Runtime.ImportModuleError" }],
    ["with a syntax error is reported", "exports.handler = (", { errorType: "Runtime.UserCodeSyntaxError" }],
    [
      "without the handler is reported",
      "exports.other = 1",
      { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is undefined or not exported" },
    ],
  ])("%s", async (_, code, document) => {
    const result = await invoke(commonJs(code), { Timeout: 1 })
    expect(result).toMatchObject({ functionError: "Unhandled", payload: document })
  })

  test("is as good as new at its next invocation", async () => {
    const arn = await lambda.deploy(
      "fragile",
      commonJs("exports.handler = async event => event.die ? process.exit(1) : 'alive'"),
    )
    await lambda.service.invoke(arn, { die: true }, {})
    expect(await lambda.service.invoke(arn, {}, {})).toMatchObject({ payload: "alive" })
  })

  test("in another language is refused by name, at its creation and at each invocation", async () => {
    const arn = await lambda.deploy("coffee", { "index.class": "" }, { Runtime: "java21" })
    expect(lambda.warnings.join()).toContain("coffee uses java21")
    await expect(lambda.service.invoke(arn, {}, {})).rejects.toThrow(
      "coffee uses java21, and this host runs Node.js and Python functions only",
    )
  })
})

describe("invocations at once", () => {
  const slow = commonJs(
    "exports.handler = async () => { await new Promise(r => setTimeout(r, 800)); return require('worker_threads').threadId }",
  )

  test("run side by side in threads of their own", async () => {
    const arn = await lambda.deploy("parallel", slow)
    const results = await Promise.all([1, 2, 3].map(() => lambda.service.invoke(arn, {}, {})))
    expect(new Set(results.map(result => result.payload)).size).toBeGreaterThan(1)
  })

  test("above the reserved concurrency are throttled", async () => {
    const arn = await lambda.deploy("reserved", slow, { ReservedConcurrentExecutions: 1 })
    const first = lambda.service.invoke(arn, {}, {})
    await expect(lambda.service.invoke(arn, {}, {})).rejects.toMatchObject({
      code: "TooManyRequestsException",
      status: 429,
    })
    expect(await first).toMatchObject({ payload: expect.any(Number) })
  })
})

describe("the fault plan", () => {
  test.each(["before", "between", "after"] as const)("can kill an invocation %s its work", async when => {
    const faulty = await startLambdaHost({
      faults: { at: (hop, _, attempt) => (hop === "lambda" && attempt === 1 ? { kind: "kill", when } : undefined) },
    })
    const code =
      "exports.handler = async () => { console.log('begun'); await new Promise(r => setTimeout(r, 100)); console.log('ended') }"
    const arn = await faulty.deploy("victim", commonJs(code))
    const result = await faulty.service.invoke(arn, {}, { messageId: "m" })
    expect(result).toMatchObject({ functionError: "Unhandled", payload: { errorType: "Runtime.ExitError" } })
    const written = faulty.lines.map(({ line }) => line).filter(line => !line.startsWith("REPORT"))
    expect(written).toEqual({ before: [], between: written.slice(0, 1), after: ["begun", "ended"] }[when])
    expect(await faulty.service.invoke(arn, {}, { messageId: "m" })).not.toHaveProperty("functionError")
    await faulty.stop()
  })
})
