import type { Json, JsonObject } from "../host.ts"
import { cidrBlocks } from "./cidr.ts"

/** What the intrinsic functions of one stack can see. */
export interface Scope {
  readonly region: string
  /** Value of a parameter, pseudo parameter or resource; undefined for AWS::NoValue. */
  ref(name: string): Json | undefined
  attribute(logicalId: string, name: string): Json
  condition(name: string): boolean
  mapping(map: string, first: string, second: string): Json | undefined
  imported(exportName: string): Json
  /** Replaces `{{resolve:…}}` in a string. */
  dynamic(text: string): string
}

type Intrinsic = (argument: Json, scope: Scope) => Json | undefined

/** The value with every intrinsic function resolved; undefined when it is AWS::NoValue. Throws an Error that names the function. */
export function resolve(value: Json, scope: Scope): Json | undefined {
  if (typeof value === "string") return value.includes("{{resolve:") ? scope.dynamic(value) : value
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(item => resolve(item, scope)).filter(item => item !== undefined)
  const call = intrinsicOf(value)
  if (call === undefined) return resolveMembers(value, scope)
  const intrinsic = intrinsics[call.name]
  if (intrinsic === undefined) throw new Error(`${call.name} is not supported`)
  const result = intrinsic(call.argument, scope)
  return typeof result === "string" && result.includes("{{resolve:") ? scope.dynamic(result) : result
}

/** Name and argument when the object is a call of an intrinsic function. */
export function intrinsicOf(value: JsonObject): { name: string; argument: Json } | undefined {
  const [name, ...others] = Object.keys(value)
  if (name === undefined || others.length > 0 || !(name === "Ref" || name.startsWith("Fn::"))) return undefined
  return { name, argument: value[name] ?? null }
}

/** Is the condition (a call of Fn::Equals and its like, or `{Condition: name}`) true? */
export function holds(value: Json, scope: Scope): boolean {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && typeof value.Condition === "string")
    return scope.condition(value.Condition)
  return String(resolve(value, scope)) === "true"
}

/** The names that a Fn::Sub text refers to, without `${!literals}`. */
export function namesInSub(text: string): string[] {
  return [...text.matchAll(subPattern)].map(match => match[1] ?? "").filter(name => !name.startsWith("!"))
}

/** `A.B.C` → [`A`, `B.C`]. */
export function splitAttribute(argument: Json): [string, Json] {
  if (Array.isArray(argument))
    return [String(argument[0]), argument.length > 2 ? argument.slice(1).join(".") : (argument[1] ?? "")]
  const name = String(argument)
  const dot = name.indexOf(".")
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)]
}

const subPattern = /\$\{([^}]*)\}/g

const intrinsics: Record<string, Intrinsic> = {
  Ref: (argument, scope) => scope.ref(String(argument)),

  "Fn::GetAtt": (argument, scope) => {
    const [logicalId, name] = splitAttribute(argument)
    return scope.attribute(logicalId, string("Fn::GetAtt", name, scope))
  },

  "Fn::Sub": (argument, scope) => {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}]
    const own = resolveMembers(isObject(variables) ? variables : {}, scope)
    return String(text).replace(subPattern, (_, name: string) => {
      const key = name.trim()
      if (key.startsWith("!")) return `\${${key.slice(1)}}`
      const value = own[key] ?? (key.includes(".") ? scope.attribute(...dotted(key)) : scope.ref(key))
      return textOf("Fn::Sub", value)
    })
  },

  "Fn::Join": (argument, scope) => {
    const [delimiter, list] = pair("Fn::Join", argument)
    const items = array("Fn::Join", list, scope)
    return items.map(item => textOf("Fn::Join", item)).join(String(delimiter))
  },

  "Fn::Select": (argument, scope) => {
    const [position, list] = pair("Fn::Select", argument)
    const items = array("Fn::Select", list, scope)
    const item = items[Number(resolve(position, scope))]
    if (item === undefined) throw new Error(`Fn::Select cannot select nonexistent value at index ${position}`)
    return item
  },

  "Fn::Split": (argument, scope) => {
    const [delimiter, text] = pair("Fn::Split", argument)
    return string("Fn::Split", text, scope).split(String(delimiter))
  },

  "Fn::FindInMap": (argument, scope) => {
    if (!Array.isArray(argument)) throw new Error("Fn::FindInMap needs a list")
    const [map, first, second] = argument.slice(0, 3).map(name => string("Fn::FindInMap", name, scope))
    const found = scope.mapping(map ?? "", first ?? "", second ?? "")
    if (found !== undefined) return found
    const fallback = isObject(argument[3]) ? argument[3].DefaultValue : undefined
    if (fallback !== undefined) return resolve(fallback, scope)
    throw new Error(`Fn::FindInMap finds nothing at ${map}.${first}.${second}`)
  },

  "Fn::Base64": (argument, scope) => Buffer.from(string("Fn::Base64", argument, scope)).toString("base64"),

  "Fn::If": (argument, scope) => {
    if (!Array.isArray(argument) || argument.length !== 3) throw new Error("Fn::If needs a condition and two values")
    return resolve((scope.condition(String(argument[0])) ? argument[1] : argument[2]) ?? null, scope)
  },
  "Fn::And": (argument, scope) => listOf("Fn::And", argument).every(item => holds(item, scope)),
  "Fn::Or": (argument, scope) => listOf("Fn::Or", argument).some(item => holds(item, scope)),
  "Fn::Not": (argument, scope) => !holds(listOf("Fn::Not", argument)[0] ?? null, scope),
  "Fn::Equals": (argument, scope) => {
    const [left, right] = pair("Fn::Equals", argument).map(side => resolve(side, scope))
    return comparable(left) === comparable(right)
  },

  "Fn::ImportValue": (argument, scope) => scope.imported(string("Fn::ImportValue", argument, scope)),

  "Fn::Cidr": (argument, scope) => {
    const [block, count, bits] = array("Fn::Cidr", argument, scope)
    return cidrBlocks(String(block), Number(count), Number(bits ?? 8))
  },

  "Fn::GetAZs": (argument, scope) => {
    const region = string("Fn::GetAZs", argument, scope) || scope.region
    return ["a", "b", "c"].map(zone => region + zone)
  },

  "Fn::Length": (argument, scope) => array("Fn::Length", argument, scope).length,
  "Fn::ToJsonString": (argument, scope) => JSON.stringify(resolve(argument, scope)),

  "Fn::Transform": argument => {
    const name = isObject(argument) ? argument.Name : argument
    throw new Error(`Fn::Transform ${JSON.stringify(name)} is not supported: give the template as it is after it`)
  },
}

function resolveMembers(value: JsonObject, scope: Scope): JsonObject {
  const members: JsonObject = {}
  for (const [key, member] of Object.entries(value)) {
    const resolved = resolve(member, scope)
    if (resolved !== undefined) members[key] = resolved
  }
  return members
}

function dotted(name: string): [string, string] {
  const [logicalId, attribute] = splitAttribute(name)
  return [logicalId, String(attribute)]
}

function comparable(value: Json | undefined): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

function textOf(name: string, value: Json | undefined): string {
  if (value === undefined || value === null || (typeof value === "object" && !Array.isArray(value)))
    throw new Error(`${name} needs text, but got ${JSON.stringify(value) ?? "AWS::NoValue"}`)
  return Array.isArray(value) ? value.join(",") : String(value)
}

function string(name: string, value: Json, scope: Scope): string {
  return textOf(name, resolve(value, scope))
}

function array(name: string, value: Json, scope: Scope): Json[] {
  return listOf(name, resolve(value, scope))
}

function listOf(name: string, value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw new Error(`${name} needs a list, but got ${JSON.stringify(value) ?? "AWS::NoValue"}`)
  return value
}

function pair(name: string, value: Json): [Json, Json] {
  const [first, second] = listOf(name, value)
  if (first === undefined || second === undefined) throw new Error(`${name} needs two values`)
  return [first, second]
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
