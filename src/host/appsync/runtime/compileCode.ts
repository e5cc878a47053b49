import { createHash } from "node:crypto"
import type { CheckedCode } from "./gate/checkCode.ts"
import { checkCodes } from "./gate/checkCode.ts"
import type { CodeError } from "./gate/codeError.ts"
import type { Handler, Sandbox } from "./sandbox.ts"

/** The handlers of a resolver or function; each may be missing. */
export interface CompiledCode {
  readonly request?: Handler
  readonly response?: Handler
}

/** Keeps what is known about a module by its content, so that a later start neither parses nor checks it again. */
export interface CodeCache {
  get(key: string): CheckedCode | undefined
  set(key: string, value: CheckedCode): void
}

/** AWS refuses this module; the message names each reason with its line. */
export class CodeRefused extends Error {
  readonly errors: readonly CodeError[]
  constructor(name: string, errors: readonly CodeError[]) {
    const reasons = errors.map(({ errorType, value, location }) => {
      const position = value.startsWith("code.js(") ? "" : `code.js(${location.line},${location.column}): `
      return `  ${errorType} ${position}${value.trim()}`
    })
    super(`AppSync refuses the code of ${name}: The code contains one or more errors.\n${reasons.join("\n")}`)
    this.errors = errors
  }
}

/** Part of each key; to be raised when the gate or the form of the script changes. */
const gateVersion = "3"

/** Checks every module that the cache does not know yet, all in one pass; the answer is in order. */
export function checkedCodes(codes: readonly string[], cache: CodeCache): CheckedCode[] {
  const keys = codes.map(code => createHash("sha256").update(gateVersion).update(code).digest("hex"))
  const unknown = [...new Set(keys)].filter(key => cache.get(key) === undefined)
  const found = checkCodes(unknown.map(key => codes[keys.indexOf(key)] ?? ""))
  unknown.forEach((key, index) => {
    const checked = found[index]
    if (checked !== undefined) cache.set(key, checked)
  })
  return keys.map(key => cache.get(key) ?? { errors: [], warnings: [], script: "", exports: [] })
}

/** Makes the handlers of a checked module callable. Throws {@link CodeRefused} when AWS would refuse the module. */
export function compileCode(name: string, checked: CheckedCode, sandbox: Sandbox): CompiledCode {
  if (checked.errors.length > 0) throw new CodeRefused(name, checked.errors)
  const { request, response } = sandbox.load(checked)
  return { ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) }
}
