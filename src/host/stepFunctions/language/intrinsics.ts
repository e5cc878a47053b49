import type { Json } from "../../host.ts"
import { StateFailure } from "./failure.ts"
import { intrinsicFunctions } from "./intrinsicFunctions.ts"
import { need } from "./path.ts"
import type { Scope } from "./scope.ts"

/** Is the text a call of an intrinsic function, such as `States.Format('{}', $.name)`? */
export const isIntrinsic = (text: string): boolean => /^States\.\w+\(/.test(text)

/** A path's or an intrinsic function's value. Throws StateFailure States.Runtime | States.IntrinsicFailure. */
export function evaluate(text: string, scope: Scope, field: string): Json {
  if (!isIntrinsic(text)) return need(text, scope, field)
  const reader = createReader(text, scope, field)
  const value = reader.value()
  if (!reader.isAtEnd()) throw invalid(text)
  return value
}

const invalid = (text: string) => new StateFailure("States.IntrinsicFailure", `Invalid intrinsic function: ${text}`)

function createReader(text: string, scope: Scope, field: string) {
  let at = 0

  const take = (pattern: RegExp): string | undefined => {
    const sticky = new RegExp(pattern.source, "uy")
    sticky.lastIndex = at
    const [found] = sticky.exec(text) ?? []
    if (found !== undefined) at += found.length
    return found
  }

  /** Up to the comma or parenthesis that ends the argument, past the ones in brackets and quotes. */
  const path = (): Json => {
    const found = take(/\$(?:\[(?:'[^']*'|"[^"]*"|\[[^\]]*\]|[^[\]])*\]|\.length\(\)|[^,)[\s])*/)
    if (found === undefined) throw invalid(text)
    return need(found, scope, field)
  }

  const value = (): Json => {
    take(/\s*/)
    const name = take(/States\.\w+(?=\s*\()/)
    const found = name === undefined ? literal() : call(name)
    take(/\s*/)
    return found
  }

  const literal = (): Json => {
    const quoted = take(/'(?:[^'\\]|\\.)*'/)
    // Braces keep their backslash: States.Format has to tell them from its own.
    if (quoted !== undefined) return quoted.slice(1, -1).replace(/\\([^{}])/g, "$1")
    const plain = take(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b/)
    return plain === undefined ? path() : JSON.parse(plain)
  }

  const call = (name: string): Json => {
    take(/\s*\(\s*/)
    const given: Json[] = []
    while (take(/\)/) === undefined) {
      if (given.length > 0 && take(/,/) === undefined) throw invalid(text)
      given.push(value())
    }
    const intrinsic = Object.hasOwn(intrinsicFunctions, name) ? intrinsicFunctions[name] : undefined
    if (intrinsic === undefined) throw invalid(text)
    try {
      return intrinsic(given)
    } catch (error) {
      if (error instanceof StateFailure) throw error
      throw new StateFailure("States.IntrinsicFailure", `${text}: ${error instanceof Error ? error.message : error}`)
    }
  }

  return { value, isAtEnd: () => at === text.length }
}
