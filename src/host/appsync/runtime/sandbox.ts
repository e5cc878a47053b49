import vm from "node:vm"
import type { Json } from "../../host.ts"
import type { FieldError } from "../contract.ts"
import { importFunction, loopFunction, type ModuleScript } from "./moduleScript.ts"
import { EarlyReturn, FieldFailure, type Run } from "./run.ts"
import { aiModule } from "./surface/aiModule.ts"
import { dynamodbModule } from "./surface/dynamodbModule.ts"
import { createExtensions, runtime } from "./surface/extensions.ts"
import { replaceEvery, replaceFirst } from "./surface/javaRegex.ts"
import { rdsModule } from "./surface/rds/rdsModule.ts"
import { createUtil } from "./surface/util.ts"

/**
 * What a handler call came to. `json` is the JSON text of the result, undefined when there is none; `stash` that of `ctx.stash`.
 * `arguments` are those that a mapping template leaves to the ones after it.
 */
export type Outcome = { arguments?: unknown } & (
  | { kind: "value"; json: string | undefined; stash: string }
  | { kind: "early"; value: Json; skipTo: "END" | "NEXT" | undefined; stash: string }
  | { kind: "error"; error: FieldError; stash: string }
)

/** One exported function of a module. */
export type Handler = (context: string, run: Run) => Outcome

/** A place where APPSYNC_JS modules run: JavaScript without clock, timers, I/O, `eval`, and with nothing of the host but `util`. */
export interface Sandbox {
  /** Compiles a module once; its handlers take `ctx` as JSON text. Throws SyntaxError. */
  load(module: ModuleScript): Readonly<Record<string, Handler>>
}

const allowedGlobals = new Set(
  "globalThis Object Array String Number Boolean Math JSON NaN Infinity undefined isNaN isFinite parseInt parseFloat".split(
    " ",
  ),
)

/** Members that APPSYNC_JS does not have on any value. */
const absentMembers: Record<string, string> = {
  String:
    "match matchAll search charCodeAt padStart padEnd repeat localeCompare normalize toLocaleLowerCase toLocaleUpperCase",
  Array: "copyWithin entries keys values group groupToMap toLocaleString toSorted toSpliced toReversed with",
}

/** A loop silently ends here [aws-appsync-community#371]: `for`, and the members of arrays that call a function for each element. */
const loopElementsMax = 1000
const loopMembers =
  "map forEach filter reduce reduceRight flatMap find findIndex findLast findLastIndex some every".split(" ")

/** Runs inside the context: makes `ctx` from its JSON text and calls, so that no object of the host enters. */
const driverText = `(outside => {
  const { parse, stringify } = JSON
  const { defineProperty, assign, keys, entries, fromEntries } = Object
  const { isArray } = Array
  JSON.parse = text => { try { return parse(text) } catch { return "" } }
  String.prototype.replace = function (pattern, by) { return outside.replaceFirst(String(this), String(pattern), String(by)) }
  String.prototype.replaceAll = function (pattern, by) { return outside.replaceEvery(String(this), String(pattern), String(by)) }
  const first = given => {
    const size = typeof given === "string" || isArray(given) ? given.length : keys(given ?? []).length
    if (size <= outside.loopElementsMax) return given
    outside.cutLoop(size)
    if (typeof given === "string" || isArray(given)) return given.slice(0, outside.loopElementsMax)
    return fromEntries(entries(given).slice(0, outside.loopElementsMax))
  }
  for (const member of outside.loopMembers) {
    const whole = Array.prototype[member]
    Array.prototype[member] = function (...given) { return whole.apply(first(this), given) }
  }
  for (const [type, members] of outside.absentMembers) for (const member of members) delete globalThis[type].prototype[member]
  for (const name of Object.getOwnPropertyNames(globalThis)) if (!outside.allowed(name)) delete globalThis[name]
  assign(globalThis, outside.globals)
  let ctx
  const hide = (object, name) => {
    if (object && name in object) defineProperty(object, name, { value: object[name], enumerable: false })
  }
  return {
    call: (instantiate, name, json) => {
      ctx = parse(json)
      ctx.args = ctx.arguments
      hide(ctx.info, "selectionSetList")
      hide(ctx.info, "selectionSetGraphQL")
      return stringify(instantiate(outside.modules, first)[name](ctx))
    },
    stash: () => stringify(ctx?.stash) ?? "{}",
  }
})`

/** A compiled module: each call of it makes the module anew, as AppSync evaluates it anew for each handler. */
type Instantiate = (modules: (specifier: string) => unknown, first: unknown) => Record<string, unknown>

interface Driver {
  call(instantiate: Instantiate, name: string, json: string): string | undefined
  stash(): string
}

/** Makes a sandbox; about a millisecond, so that an API has one and no request makes its own. */
export function createSandbox(): Sandbox {
  let current: Run | undefined
  const run = (): Run => {
    if (current === undefined) throw new Error("util was used outside of a handler")
    return current
  }
  const util = createUtil(run)
  const extensions = createExtensions(run)
  const console = { log: logger(run, "INFO"), error: logger(run, "ERROR") }
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } })
  const available: Record<string, unknown> = {
    "@aws-appsync/utils": { util, extensions, runtime },
    "@aws-appsync/utils/dynamodb": dynamodbModule,
    "@aws-appsync/utils/rds": rdsModule,
    "@aws-appsync/utils/ai": aiModule,
  }
  const modules = (specifier: string) => available[specifier]
  const driver: Driver = vm.runInContext(
    driverText,
    context,
  )({
    replaceFirst,
    replaceEvery,
    modules,
    loopElementsMax,
    loopMembers,
    cutLoop: (size: number) => {
      run().cutLoop = Math.max(run().cutLoop, size)
    },
    absentMembers: Object.entries(absentMembers).map(([type, names]) => [type, names.split(" ")]),
    allowed: (name: string) => allowedGlobals.has(name),
    globals: { util, extensions, runtime, console },
  })

  const call = (instantiate: Instantiate, name: string, json: string): Outcome => {
    try {
      return { kind: "value", json: driver.call(instantiate, name, json), stash: driver.stash() }
    } catch (thrown) {
      if (thrown instanceof EarlyReturn) {
        return { kind: "early", value: thrown.value, skipTo: thrown.skipTo, stash: driver.stash() }
      }
      const error = thrown instanceof FieldFailure ? thrown.field : codeError(thrown)
      return { kind: "error", error, stash: driver.stash() }
    }
  }

  const handler =
    (instantiate: Instantiate, name: string): Handler =>
    (json, next) => {
      current = next
      try {
        return call(instantiate, name, json)
      } finally {
        current = undefined
      }
    }

  return {
    load: ({ script, exports }) => {
      const wrapped = `((${importFunction}, ${loopFunction}) => {"use strict";${script}\n})`
      const options = { filename: "code.js", columnOffset: -wrapped.indexOf(script) }
      const instantiate: Instantiate = new vm.Script(wrapped, options).runInContext(context)
      return Object.fromEntries(exports.map(name => [name, handler(instantiate, name)]))
    },
  }
}

/** A failure of the code itself: type `Code`, message `code.js:L:C: ReferenceError: …`. */
function codeError(thrown: unknown): FieldError {
  const message = String(thrown)
  const position = positionIn(stackOf(thrown))
  return { message: position === "" ? message : `${position}: ${message}`, errorType: "Code" }
}

const stackOf = (thrown: unknown): string =>
  typeof thrown === "object" && thrown !== null && "stack" in thrown ? String(thrown.stack) : ""

const positionIn = (stack: string): string => /code\.js:\d+:\d+/.exec(stack)?.[0] ?? ""

/** Log lines as AppSync writes them: `INFO - code.js:13:5: "text"`. */
const logger =
  (run: () => Run, level: "INFO" | "ERROR") =>
  (...values: unknown[]): void => {
    const texts = values.map(value => JSON.stringify(value) ?? "undefined")
    run().logs.push(`${level} - ${callStart(positionIn(stackOf(new Error())))}: ${texts.join(" ")}`)
  }

/** V8 points at the member of `console.log`, AppSync at its beginning. */
const callStart = (position: string): string =>
  position.replace(/\d+$/, column => String(Math.max(1, Number(column) - "console.".length)))
