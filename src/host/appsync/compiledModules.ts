import type { Host } from "../host.ts"
import type { StepDefinition } from "./resolverDefinitions.ts"
import { openCodeCache } from "./runtime/codeCache.ts"
import { CodeRefused, type CompiledCode, checkedCodes, compileCode } from "./runtime/compileCode.ts"
import { createSandbox } from "./runtime/sandbox.ts"

/**
 * Checks and compiles the code of every step, each distinct module once, in one sandbox. What AWS silently runs otherwise is
 * warned of; what it refuses throws, all of it in one Error.
 */
export function compileModules(
  host: Host,
  steps: readonly StepDefinition[],
): (code: string | undefined) => CompiledCode | undefined {
  const titles = new Map<string, string>()
  for (const { code, title } of steps) if (code !== undefined) titles.set(code, title)
  const sandbox = createSandbox()
  const checked = checkedCodes([...titles.keys()], openCodeCache())
  const compiled = new Map<string, CompiledCode>()
  const refusals: string[] = []
  for (const [index, [code, title]] of [...titles].entries()) {
    const known = checked[index]
    if (known === undefined) continue
    for (const { line, column, message } of known.warnings) {
      host.log.warn("appsync", `${title}, line ${line}:${column}: ${message}`)
    }
    try {
      compiled.set(code, compileCode(title, known, sandbox))
    } catch (error) {
      if (!(error instanceof CodeRefused)) throw error
      refusals.push(error.message)
    }
  }
  if (refusals.length > 0) throw new Error(refusals.join("\n"))
  return code => (code === undefined ? undefined : compiled.get(code))
}
