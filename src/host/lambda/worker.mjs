/**
 * One execution environment of a Lambda function on Node.js: loads the handler once, then answers one invocation at a time.
 * Plain JavaScript, so that a worker thread loads it without a loader. It behaves as the open runtime interface client of Lambda does.
 *
 * @typedef {{ taskRoot: string, optRoot?: string, handler: string, runtime: string, nodeOptions?: string, functionName: string, functionVersion: string,
 *   memoryMb: number, logGroup: string, logStream: string, clockOffsetMs: number, metered: boolean, compiledCode?: string }} Settings
 * @typedef {{ requestId: string, arn: string, event: string, timeoutMs: number, clockOffsetMs: number, traceHeader: string,
 *   clientContext?: unknown }} Invocation
 */
import { readFileSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import path from "node:path"
import { pathToFileURL } from "node:url"
import { parentPort, workerData } from "node:worker_threads"
import { serveAwsHosts } from "./awsHosts.mjs"
import { reuseCompiledCode } from "./compiledCode.mjs"
import { findLayers, tolerateMissingClients } from "./modules.mjs"

/** @type {Settings} */
const settings = workerData
const port = parentPort
if (port === null) throw new Error("worker.mjs runs in a worker thread only")

const taskRoot = settings.taskRoot
process.cwd = () => taskRoot
if (process.env.AWS_ENDPOINT_URL !== undefined) serveAwsHosts(process.env.AWS_ENDPOINT_URL)
tolerateMissingClients()
if (settings.optRoot !== undefined) findLayers(settings.optRoot)
if (settings.nodeOptions !== undefined) process.env.NODE_OPTIONS = settings.nodeOptions
const keepCompiledCode =
  settings.compiledCode === undefined ? () => {} : reuseCompiledCode(settings.compiledCode, taskRoot)

/** What to do when nothing is left to wait for. @type {(() => void) | undefined} */
let whenIdle

// ── output ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const openLines = []
for (const stream of [process.stdout, process.stderr]) {
  let open = ""
  const flush = () => {
    if (open !== "") port.postMessage({ kind: "log", line: open })
    open = ""
  }
  openLines.push(flush)
  stream.write = (chunk, encoding, done) => {
    const lines = `${open}${typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8")}`.split("\n")
    open = lines.pop() ?? ""
    for (const line of lines) port.postMessage({ kind: "log", line })
    const callback = typeof encoding === "function" ? encoding : done
    if (typeof callback === "function") queueMicrotask(callback)
    return true
  }
}

const answer = message => {
  for (const flush of openLines) flush()
  port.postMessage(message)
}

// ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const runtimeError = (name, message, cause) => {
  const error = new Error(message)
  error.name = name
  if (cause?.stack) error.stack = `${name}: ${cause.stack}`
  return error
}

const errorDocument = error => {
  if (error instanceof Error || Object.prototype.toString.call(error) === "[object Error]") {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack ?? "").split("\n") }
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] }
}

/** Like Lambda's runtime, an environment with an error that nobody caught ends. */
const endWith = error => {
  answer({ kind: "ended", document: errorDocument(error) })
  process.exit(1)
}
process.on("uncaughtException", endWith)
process.on("unhandledRejection", reason =>
  endWith(runtimeError("Runtime.UnhandledPromiseRejection", String(reason), reason)),
)
process.on("beforeExit", () => whenIdle?.())

// ── the clock ───────────────────────────────────────────────────────────────────────────────────────────────────────

let clockOffsetMs = 0
let clockMoved = false

/** The function's date follows the host's clock, which a test may have moved. */
const moveClock = offsetMs => {
  clockOffsetMs = offsetMs
  if (offsetMs === 0 || clockMoved) return
  clockMoved = true
  const SystemDate = globalThis.Date
  const now = () => SystemDate.now() + clockOffsetMs
  globalThis.Date = new Proxy(SystemDate, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length > 0 ? values : [now()], newTarget),
    apply: () => new SystemDate(now()).toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  })
  SystemDate.prototype.constructor = globalThis.Date
}

// ── the handler ─────────────────────────────────────────────────────────────────────────────────────────────────────

const isFile = file => statSync(file, { throwIfNoEntry: false })?.isFile() === true
const require = createRequire(path.join(taskRoot, "index.js"))

const isModule = file => {
  if (file.endsWith(".mjs")) return true
  if (file.endsWith(".cjs")) return false
  for (let folder = path.dirname(file); folder.startsWith(taskRoot); folder = path.dirname(folder)) {
    const manifest = path.join(folder, "package.json")
    if (isFile(manifest)) return require(manifest).type === "module"
  }
  return false
}

const loadModule = async name => {
  const base = path.resolve(taskRoot, name)
  const file = ["", ".js", ".mjs", ".cjs"].map(ending => base + ending).find(isFile)
  try {
    if (file === undefined) return require(base)
    return isModule(file) ? await import(pathToFileURL(file).href) : require(file)
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError("Runtime.UserCodeSyntaxError", String(error), error)
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      const reason = file === undefined ? `Error: Cannot find module '${path.basename(name)}'` : String(error)
      throw runtimeError("Runtime.ImportModuleError", reason, error)
    }
    throw error
  }
}

const loadHandler = async () => {
  const file = path.posix.basename(settings.handler)
  const parts = /^([^.]*)\.(.+)$/.exec(file)
  if (parts === null || settings.handler.includes(".."))
    throw runtimeError("Runtime.MalformedHandlerName", "Bad handler")
  const [, name, exportPath] = parts
  const loaded = await loadModule(path.join(path.posix.dirname(settings.handler), name))
  const handler = exportPath.split(".").reduce((value, key) => value?.[key], loaded)
  if (handler === undefined) {
    throw runtimeError("Runtime.HandlerNotFound", `${settings.handler} is undefined or not exported`)
  }
  if (typeof handler !== "function") {
    throw runtimeError("Runtime.HandlerNotFound", `${settings.handler} is not a function`)
  }
  if (handler.length >= 3 && Number(/^nodejs(\d+)/.exec(settings.runtime)?.[1]) >= 24) {
    throw runtimeError(
      "Runtime.CallbackHandlerDeprecated",
      "AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.",
    )
  }
  return handler
}

// ── one invocation ──────────────────────────────────────────────────────────────────────────────────────────────────

const resultText = value => {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? "null"
  } catch {
    throw new Error("Unable to stringify response body")
  }
}

/** Milliseconds of CPU that this thread has had, where the system tells. */
const cpuMs = () => {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ", 1)[0]) / 1e6
  } catch {
    return undefined
  }
}

/** So many invocations have run what matters. */
const invocationsTillWarm = 3
let invocations = 0

const invoke = (handler, /** @type {Invocation} */ invocation) => {
  moveClock(invocation.clockOffsetMs)
  process.env._X_AMZN_TRACE_ID = invocation.traceHeader
  const deadline = Date.now() + invocation.timeoutMs
  const cpuBefore = settings.metered ? cpuMs() : undefined
  let waitsForIdle = true
  let finished = false

  const finish = message => {
    if (finished) return
    finished = true
    whenIdle = undefined
    port.ref()
    const measured = cpuBefore === undefined ? message : { ...message, cpuMs: cpuMs() - cpuBefore }
    if (++invocations === invocationsTillWarm) keepCompiledCode()
    answer(measured)
  }
  const fail = error => finish({ kind: "error", document: errorDocument(error) })
  const succeed = value => {
    try {
      finish({ kind: "result", text: resultText(value) })
    } catch (error) {
      fail(error)
    }
  }
  const done = (error, value) => (error === undefined || error === null ? succeed(value) : fail(error))
  const callback = (error, value) => {
    if ((error === undefined || error === null) && waitsForIdle) whenIdle = () => succeed(value)
    else done(error, value)
  }

  const context = {
    functionName: settings.functionName,
    functionVersion: settings.functionVersion,
    invokedFunctionArn: invocation.arn,
    memoryLimitInMB: String(settings.memoryMb),
    awsRequestId: invocation.requestId,
    logGroupName: settings.logGroup,
    logStreamName: settings.logStream,
    clientContext: invocation.clientContext,
    identity: undefined,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    get callbackWaitsForEmptyEventLoop() {
      return waitsForIdle
    },
    set callbackWaitsForEmptyEventLoop(waits) {
      waitsForIdle = waits
    },
    done,
    fail,
    succeed,
  }

  whenIdle = () => succeed(null)
  port.unref()
  try {
    const returned = handler(JSON.parse(invocation.event), context, callback)
    if (typeof returned?.then !== "function") return
    whenIdle = () =>
      fail(
        runtimeError(
          "Runtime.NodeJsExit",
          "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled.",
        ),
      )
    returned.then(succeed, fail)
  } catch (error) {
    fail(error)
  }
}

try {
  moveClock(settings.clockOffsetMs)
  const handler = await loadHandler()
  port.on("message", invocation => invoke(handler, invocation))
  answer({ kind: "ready" })
} catch (error) {
  endWith(error)
}
