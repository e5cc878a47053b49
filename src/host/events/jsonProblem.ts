const values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
const scalar = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|(?:true|false|null)\b/y
const word = /[\w$]+/y
const blank = /\s*/y

/** What EventBridge's parser says of text that is not JSON, as far as its sentences are known. */
export function jsonProblem(text: string): string {
  let at = 0

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    at += found?.length ?? 0
    return found
  }
  const character = (expected: string): string =>
    at >= text.length
      ? "Unexpected end-of-input"
      : `Unexpected character ('${text.charAt(at)}' (code ${text.charCodeAt(at)})): ${expected}`
  const next = (): string => {
    take(blank)
    return text.charAt(at)
  }

  const value = (): string | undefined => {
    const first = next()
    if (first === "{") return members("}", member)
    if (first === "[") return members("]", value)
    if (take(scalar) !== undefined) return undefined
    const token = take(word)
    if (token !== undefined) return `Unrecognized token '${token}': was expecting ${values}`
    return character(`expected a valid value ${values}`)
  }

  const member = (): string | undefined => {
    if (next() !== '"' || take(scalar) === undefined) return character("was expecting double-quote to start field name")
    if (next() !== ":") return character("was expecting a colon to separate field name and value")
    at++
    return value()
  }

  const members = (end: string, read: () => string | undefined): string | undefined => {
    at++
    if (next() === end) {
      at++
      return undefined
    }
    for (;;) {
      const problem = read()
      if (problem !== undefined) return problem
      const separator = next()
      at++
      if (separator === end) return undefined
      if (separator === ",") continue
      at--
      return character(`was expecting comma to separate ${end === "}" ? "Object entries" : "Array entries"}`)
    }
  }

  return value() ?? character("expected the end of the input")
}
