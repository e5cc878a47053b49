import type { Document } from "./store.ts"

/** Does a document pass? */
export type Filter = (document: Document) => boolean

/** Text that is no filter; the message says where it stops being one. */
export class FilterError extends Error {}

const syntax = {
  open: /\s*\(/y,
  close: /\s*\)/y,
  comma: /\s*,/y,
  end: /\s*$/y,
  or: /\s*OR(?=[\s(])/y,
  and: /\s*AND(?=[\s(])/y,
  not: /\s*NOT(?=[\s(])/y,
  in: /\s+IN\s*\(/y,
  colon: /:/y,
  field: /\s*((?:\\.|[^\s\\():,])+)/y,
  value: /(?!\[)((?:\\.|[^\s\\()])+)/y,
  values: /\(((?:\\.|[^\\()])+)\)/y,
  listed: /\s*((?:\\.|[^\\(),])+)/y,
  range: /\[\s*(\S+)\s+TO\s+([^\s\]]+)\s*\]/y,
} as const

/**
 * Reads a filter as clients write it: `field:value`, `field:(two words)`, `field:[1 TO *]`, `field IN (a, b)`, with NOT before AND
 * before OR, parentheses, and a backslash before what is meant literally. Throws FilterError.
 */
export function readFilter(text: string): Filter {
  let at = 0
  const take = (kind: keyof typeof syntax): readonly string[] | undefined => {
    const pattern = syntax[kind]
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found !== null) at = pattern.lastIndex
    return found?.slice(1)
  }
  const expect = (kind: keyof typeof syntax, what: string): readonly string[] => {
    const found = take(kind)
    if (found === undefined) throw new FilterError(`The filter should have ${what} at position ${at}: ${text}`)
    return found
  }

  const either = (): Filter => {
    const parts = [both()]
    while (take("or")) parts.push(both())
    return document => parts.some(part => part(document))
  }
  const both = (): Filter => {
    const parts = [one()]
    while (take("and")) parts.push(one())
    return document => parts.every(part => part(document))
  }
  const one = (): Filter => {
    if (take("not")) {
      const part = one()
      return document => !part(document)
    }
    if (take("open")) {
      const part = either()
      expect("close", "a closing parenthesis")
      return part
    }
    const [field = ""] = expect("field", "a field").map(literal)
    if (take("in")) return among(field)
    expect("colon", "a colon")
    const range = take("range")
    if (range !== undefined) return between(field, limit(range[0], -Infinity), limit(range[1], Infinity))
    const [value = ""] = (take("values") ?? expect("value", "a value")).map(literal)
    return isAnyOf(field, [value])
  }
  const among = (field: string): Filter => {
    const values: string[] = []
    do {
      const [value = ""] = take("values") ?? expect("listed", "a value")
      values.push(literal(value.trim()))
    } while (take("comma"))
    expect("close", "a closing parenthesis")
    return isAnyOf(field, values)
  }
  const limit = (word = "", open: number): number => {
    const number = word === "*" ? open : Number(word)
    if (Number.isNaN(number)) throw new FilterError(`${word} is no number: ${text}`)
    return number
  }

  const filter = either()
  expect("end", "AND, OR or its end")
  return filter
}

const literal = (text: string) => text.replace(/\\(.)/g, "$1")

const valuesOf = (document: Document, field: string): readonly unknown[] => {
  const value = document[field]
  return Array.isArray(value) ? value : [value]
}

const between =
  (field: string, low: number, high: number): Filter =>
  document =>
    valuesOf(document, field).some(value => typeof value === "number" && value >= low && value <= high)

const isAnyOf =
  (field: string, asked: readonly string[]): Filter =>
  document =>
    valuesOf(document, field).some(value => asked.some(one => isSame(value, one)))

function isSame(value: unknown, asked: string): boolean {
  if (typeof value === "number") return value === Number(asked)
  if (typeof value === "boolean") return String(value) === asked.toLowerCase()
  return value === asked
}
