import type { Json, JsonObject } from "../../../host.ts"
import { BadRequest, isJsonObject } from "../dataSource.ts"

/** A typed value of a request as DynamoDB's wire takes it: AppSync leaves numbers as numbers and NULL as null. */
export function toWire(attribute: Json): Json {
  if (!isJsonObject(attribute))
    throw new BadRequest(`Expected a typed DynamoDB value, got ${JSON.stringify(attribute)}.`)
  const [entry] = Object.entries(attribute)
  if (entry === undefined)
    throw new BadRequest("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
  const [type, value] = entry
  if (type === "N") return { N: String(value) }
  if (type === "NS" && Array.isArray(value)) return { NS: value.map(String) }
  if (type === "NULL") return { NULL: true }
  if (type === "L" && Array.isArray(value)) return { L: value.map(toWire) }
  if (type === "M") return { M: wireMap(value) }
  return attribute
}

/** The members of an item, key or placeholder map in wire form; nothing gives an empty object. */
export const wireMap = (map: Json | undefined): JsonObject =>
  isJsonObject(map) ? Object.fromEntries(Object.entries(map).map(([name, value]) => [name, toWire(value)])) : {}

/** A wire value as plain JSON: sets become lists, binaries base64 text, numbers numbers. */
export function fromWire(attribute: Json): Json {
  if (!isJsonObject(attribute)) return null
  for (const [type, value] of Object.entries(attribute)) {
    if (type === "NULL") return null
    if (type === "N") return Number(value)
    if (type === "NS" && Array.isArray(value)) return value.map(Number)
    if (type === "L" && Array.isArray(value)) return value.map(fromWire)
    if (type === "M") return plainItem(value)
    return value
  }
  return null
}

/** A wire item as a plain object, or null when there is none. */
export const plainItem = (item: Json | undefined): Json =>
  isJsonObject(item) ? Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromWire(value)])) : null

/** Adds the placeholders of several expressions; DynamoDB refuses empty maps, so that those are left out. */
export function placeholders(...expressions: (Json | undefined)[]): JsonObject {
  const names: JsonObject = {}
  const values: JsonObject = {}
  for (const expression of expressions) {
    if (!isJsonObject(expression)) continue
    if (isJsonObject(expression.expressionNames)) Object.assign(names, expression.expressionNames)
    Object.assign(values, wireMap(expression.expressionValues))
  }
  return {
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  }
}

/** `{ [member]: text }` of an expression that is there. */
export const expressionText = (member: string, expression: Json | undefined): JsonObject =>
  isJsonObject(expression) && typeof expression.expression === "string" && expression.expression !== ""
    ? { [member]: expression.expression }
    : {}

/** `{ [member]: value }` of a value that is neither absent nor null. */
export const given = (member: string, value: Json | undefined): JsonObject =>
  value === undefined || value === null ? {} : { [member]: value }

/** The key of a request; AppSync's sentence when there is none. */
export function keyOf(request: JsonObject): JsonObject {
  if (!isJsonObject(request.key)) throw new BadRequest("Value for field '$[key]' not found.")
  return wireMap(request.key)
}

/** What a put writes: key and attributes in wire form. */
export const itemOf = (request: JsonObject): JsonObject => ({ ...wireMap(request.attributeValues), ...keyOf(request) })
