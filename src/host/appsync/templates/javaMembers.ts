import { isRecord } from "../runtime/run.ts"
import { matches, replaceEvery, replaceFirst } from "../runtime/surface/javaRegex.ts"

/** What Velocity prints of a method that returns nothing. */
export const nothing = ""

type Method<Of> = (self: Of, ...given: unknown[]) => unknown

/** Maps and lists that print as JSON: AWS's own templates print the answer of `copyHeaders` [tutorial of HTTP resolvers]. */
export const printedAsJson = new WeakSet<object>()

/** A text as Java prints a value: maps as `{a=1}`, lists as `[1, 2]`. */
export function javaText(value: unknown): string {
  if (typeof value === "object" && value !== null && printedAsJson.has(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(javaText).join(", ")}]`
  if (isRecord(value)) {
    const members = Object.entries(value).map(([name, member]) => `${name}=${javaText(member)}`)
    return `{${members.join(", ")}}`
  }
  return String(value ?? null)
}

/** Equality of Velocity: of one type by value, of different types by their texts. */
export function javaEquals(one: unknown, other: unknown): boolean {
  if (isNothing(one) || isNothing(other)) return isNothing(one) && isNothing(other)
  return typeof one === typeof other && typeof one !== "object" ? one === other : javaText(one) === javaText(other)
}

/** Null, or not there at all. */
export const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined

const ofText: Record<string, Method<string>> = {
  length: self => self.length,
  isEmpty: self => self === "",
  isBlank: self => self.trim() === "",
  contains: (self, part) => self.includes(String(part)),
  startsWith: (self, part) => self.startsWith(String(part)),
  endsWith: (self, part) => self.endsWith(String(part)),
  indexOf: (self, part) => self.indexOf(String(part)),
  lastIndexOf: (self, part) => self.lastIndexOf(String(part)),
  substring: (self, from, to) => self.substring(Number(from), to === undefined ? self.length : Number(to)),
  charAt: (self, at) => self.charAt(Number(at)),
  toUpperCase: self => self.toUpperCase(),
  toLowerCase: self => self.toLowerCase(),
  trim: self => self.trim(),
  concat: (self, other) => self + String(other),
  split: (self, separator) => withoutEmptyEnd(self.split(new RegExp(String(separator)))),
  matches: (self, pattern) => matches(String(pattern), self),
  replace: (self, part, by) => self.replaceAll(String(part), () => String(by)),
  replaceAll: (self, pattern, by) => replaceEvery(self, String(pattern), String(by)),
  replaceFirst: (self, pattern, by) => replaceFirst(self, String(pattern), String(by)),
  equalsIgnoreCase: (self, other) => self.toLowerCase() === String(other).toLowerCase(),
}

/** As Java's `split`, which drops empty parts at the end. */
const withoutEmptyEnd = (parts: readonly string[]): readonly string[] =>
  parts.slice(0, parts.findLastIndex(part => part !== "") + 1)

const ofList: Record<string, Method<unknown[]>> = {
  size: self => self.length,
  isEmpty: self => self.length === 0,
  get: (self, at) => self[Number(at)],
  add: (self, ...given) => {
    if (given.length > 1) self.splice(Number(given[0]), 0, given[1])
    else self.push(given[0])
    return true
  },
  addAll: (self, others) => {
    self.push(...(Array.isArray(others) ? others : []))
    return true
  },
  set: (self, at, value) => self.splice(Number(at), 1, value)[0],
  remove: (self, given) => {
    const at = typeof given === "number" ? given : self.findIndex(one => javaEquals(one, given))
    const [removed] = at < 0 ? [] : self.splice(at, 1)
    return typeof given === "number" ? removed : at >= 0
  },
  clear: (self: unknown[]) => {
    self.length = 0
    return nothing
  },
  contains: (self, value) => holds(self, value),
  containsAll: (self, others) => Array.isArray(others) && others.every(other => holds(self, other)),
  removeAll: (self, others) => keepOnly(self, one => !holds(others, one)),
  retainAll: (self, others) => keepOnly(self, one => holds(others, one)),
  indexOf: (self, value) => self.findIndex(one => javaEquals(one, value)),
  lastIndexOf: (self, value) => self.findLastIndex(one => javaEquals(one, value)),
  subList: (self, from, to) => self.slice(Number(from), Number(to)),
}

const holds = (list: unknown, value: unknown): boolean =>
  Array.isArray(list) && list.some(one => javaEquals(one, value))

/** Did the list change? */
function keepOnly(list: unknown[], keeps: (one: unknown) => boolean): boolean {
  const size = list.length
  list.splice(0, size, ...list.filter(keeps))
  return list.length !== size
}

const ofMap: Record<string, Method<Record<string, unknown>>> = {
  size: self => Object.keys(self).length,
  isEmpty: self => Object.keys(self).length === 0,
  get: (self, name) => member(self, String(name)),
  getOrDefault: (self, name, otherwise) => member(self, String(name)) ?? otherwise,
  put: (self, name, value) => {
    const before = member(self, String(name))
    setMember(self, String(name), value)
    return before
  },
  putAll: (self, others) => {
    for (const [name, value] of Object.entries(isRecord(others) ? others : {})) setMember(self, name, value)
    return nothing
  },
  clear: self => {
    for (const name of Object.keys(self)) delete self[name]
    return nothing
  },
  remove: (self, name) => {
    const before = member(self, String(name))
    delete self[String(name)]
    return before
  },
  containsKey: (self, name) => Object.hasOwn(self, String(name)),
  containsValue: (self, value) => Object.values(self).some(one => javaEquals(one, value)),
  keySet: self => Object.keys(self),
  values: self => Object.values(self),
  entrySet: self => Object.entries(self).map(([key, value]) => ({ key, value })),
  // Of `$foreach` alone, which has it as a property too.
  hasNext: self => member(self, "hasNext"),
}

const ofAny: Record<string, Method<unknown>> = {
  equals: (self, other) => javaEquals(self, other),
  toString: (self: unknown) => javaText(self),
  intValue: self => Math.trunc(Number(self)),
  longValue: self => Math.trunc(Number(self)),
  doubleValue: self => Number(self),
}

/** The member of a map, never one that every object of JavaScript has. */
export const member = (of: unknown, name: string): unknown =>
  isRecord(of) && Object.hasOwn(of, name) ? of[name] : undefined

/** Sets the member of a map, whatever its name. */
export const setMember = (of: Record<string, unknown>, name: string, value: unknown): void => {
  Object.defineProperty(of, name, { value, writable: true, enumerable: true, configurable: true })
}

const own = <T>(methods: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(methods, name) ? methods[name] : undefined

/** Calls a method as Java has it on texts, lists and maps, or a function that a map holds; undefined when there is none. */
export function callMethod(self: unknown, name: string, given: readonly unknown[]): unknown {
  const held = member(self, name)
  if (typeof held === "function") return held(...given)
  if (typeof self === "string") return (own(ofText, name) ?? own(ofAny, name))?.(self, ...given)
  if (Array.isArray(self)) return (own(ofList, name) ?? own(ofAny, name))?.(self, ...given)
  if (!isRecord(self)) return isNothing(self) ? undefined : own(ofAny, name)?.(self, ...given)
  const method = own(ofMap, name) ?? own(ofAny, name)
  if (method) return method(self, ...given)
  const [, first = "", rest = ""] = /^(?:get|is)([A-Z])(\w*)$/.exec(name) ?? []
  return member(self, first.toLowerCase() + rest)
}
