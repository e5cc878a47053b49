import type { Json, JsonObject } from "../../host.ts"
import type { AuthMode, Eviction, FieldError } from "../contract.ts"

/** What one field run collects from `util`, `extensions` and `console` while its handlers are called. */
export interface Run {
  readonly authMode: AuthMode
  /** The field that is resolved; undefined in EvaluateCode. */
  readonly field?: RunField
  /** Milliseconds since the epoch on the host's clock. */
  now(): number
  readonly errors: FieldError[]
  readonly logs: string[]
  readonly responseHeaders: Record<string, string>
  readonly invalidations: { subscriptionField: string; payload: JsonObject }[]
  readonly evictions: Eviction[]
  /** Length of the longest list that a loop did not see to its end. */
  cutLoop: number
  subscriptionFilter?: JsonObject
  subscriptionInvalidationFilter?: JsonObject
}

/** A field by its name and the type that has it. */
export interface RunField {
  readonly parentType: string
  readonly fieldName: string
}

/** A run that has collected nothing yet. */
export const newRun = (authMode: AuthMode, now: () => number, field?: RunField): Run => ({
  authMode,
  ...(field && { field }),
  now,
  errors: [],
  logs: [],
  responseHeaders: {},
  invalidations: [],
  evictions: [],
  cutLoop: 0,
})

/** What `util.error` and `util.unauthorized` throw: the field fails with exactly this entry. */
export class FieldFailure extends Error {
  readonly field: FieldError
  constructor(field: FieldError) {
    super(field.message)
    this.field = field
  }
}

/** What a function of AppSync refuses: an error of the code, whose message has a position and no class name. */
export class UtilError extends Error {
  override readonly name = ""
}

/** An exception of Java's library, which AppSync shows with the name of its class. */
export class JavaException extends UtilError {
  constructor(type: string, message?: string) {
    super(message === undefined ? type : `${type}: ${message}`)
  }
}

/** What `runtime.earlyReturn` throws. */
export class EarlyReturn extends Error {
  readonly value: Json
  readonly skipTo: "END" | "NEXT" | undefined
  constructor(value: Json, skipTo: "END" | "NEXT" | undefined) {
    super("early return")
    this.value = value
    this.skipTo = skipTo
  }
}

/** A JSON copy, so that nothing of the sandbox lives on outside; what JSON cannot carry becomes null. */
export const jsonCopy = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null) ?? "null")

/** An object that is not an array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
