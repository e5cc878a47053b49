import type { Json, JsonObject } from "./host.ts"

/** The value when it is an object, else an empty one. */
export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {}
}

/** The value when it is a list, a list of it when it is a single one, and an empty list for nothing. */
export function listOf(value: Json | undefined): Json[] {
  return value === undefined || value === null ? [] : [value].flat()
}

/** The value when it is text. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined
}
