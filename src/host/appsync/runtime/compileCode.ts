import type { CodeCache } from "./codeCache.ts"
import type { CheckedCode } from "./gate/checkCode.ts"
import { checkCodes } from "./gate/checkCode.ts"
import type { CodeError } from "./gate/codeError.ts"
import type { Handler, Sandbox } from "./sandbox.ts"

/** The handlers of a resolver or function; each may be missing. */
export interface CompiledCode {
  readonly request?: Handler
  readonly response?: Handler
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

/** Checks every module that the cache does not know yet, all in one pass; the answer is in order. */
export function checkedCodes(codes: readonly string[], cache: CodeCache): readonly CheckedCode[] {
  const unknown = [...new Set(codes)].filter(code => cache.get(code) === undefined)
  const checked = new Map(checkCodes(unknown).map((found, index) => [unknown[index] ?? "", found]))
  for (const [code, found] of checked) cache.set(code, found)
  return codes.map(
    code => checked.get(code) ?? cache.get(code) ?? { errors: [], warnings: [], script: "", exports: [] },
  )
}

/** Makes the handlers of a checked module callable. Throws {@link CodeRefused} when AWS would refuse the module. */
export function compileCode(name: string, checked: CheckedCode, sandbox: Sandbox): CompiledCode {
  if (checked.errors.length > 0) throw new CodeRefused(name, checked.errors)
  const { request, response } = sandbox.load(checked)
  return { ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) }
}
