import { JavaException } from "../run.ts"

const compiled = new Map<string, RegExp>()
const compiledMax = 500

const posixClasses: Record<string, string> = {
  Lower: "a-z",
  Upper: "A-Z",
  ASCII: "\\x00-\\x7F",
  Alpha: "A-Za-z",
  Digit: "0-9",
  Alnum: "A-Za-z0-9",
  Punct: "!-\\/:-@\\[-`{-~",
  Blank: " \\t",
  Space: "\\s",
  XDigit: "0-9A-Fa-f",
}

/** Does the whole value match, as `Pattern.matches` of Java decides it? Throws JavaException on a bad pattern. */
export const matches = (pattern: string, value: string): boolean =>
  regex(`^(?:${translate(pattern)})$`, pattern, "").test(value)

/** `String.replace` of APPSYNC_JS: the pattern is a Java regular expression, the first match is replaced. */
export const replaceFirst = (value: string, pattern: string, replacement: string): string =>
  value.replace(regex(translate(pattern), pattern, ""), javaReplacement(replacement))

/** `String.replaceAll` of APPSYNC_JS: every match of the Java regular expression is replaced. */
export const replaceEvery = (value: string, pattern: string, replacement: string): string =>
  value.replace(regex(translate(pattern), pattern, "g"), javaReplacement(replacement))

function regex(source: string, javaPattern: string, extraFlags: string): RegExp {
  const flags = (/^\(\?([ims]+)\)/.exec(javaPattern)?.[1] ?? "") + extraFlags
  const key = `${flags}/${source}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  if (compiled.size >= compiledMax) compiled.clear()
  const created = compile(source, flags, javaPattern)
  compiled.set(key, created)
  return created
}

function compile(source: string, flags: string, javaPattern: string): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /, "") : String(error)
    throw new JavaException("java.util.regex.PatternSyntaxException", `${reason} in ${javaPattern}`)
  }
}

const token = /\\Q([\s\S]*?)(?:\\E|$)|\\p\{(\w+)\}|\\[\s\S]|([*+?}])\+|[[\]]/g

/** Rewrites what Java spells differently: inline flags, quotes, anchors, possessive quantifiers, POSIX classes. */
function translate(pattern: string): string {
  let inClass = false
  return pattern.replace(/^\(\?[imsux]+\)/, "").replace(token, (text, literal, posix, quantifier) => {
    if (text === "[") inClass = true
    if (text === "]") inClass = false
    if (literal !== undefined) return literal.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")
    if (quantifier !== undefined) return inClass ? text : quantifier
    const members = posix === undefined ? javaEscapes[text] : posixClasses[posix]
    if (members === undefined) return text
    return posix === undefined || inClass ? members : `[${members}]`
  })
}

const javaEscapes: Record<string, string> = { "\\A": "^", "\\z": "$", "\\Z": "$", "\\h": "[ \\t\\xA0]" }

/** `$1` means the same in both languages; `$&` and `$$` are special in JavaScript only, and `\` quotes in Java. */
const javaReplacement = (text: string): string =>
  text.replace(/\\([\s\S])|\$(?!\d)/g, (_, quoted: string | undefined) => {
    const literal = quoted ?? "$"
    return literal === "$" ? "$$" : literal
  })
