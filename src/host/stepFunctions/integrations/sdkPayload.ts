import type { Json, JsonObject } from "../../host.ts"
import type { SdkService } from "./sdkServices.ts"

/** An SDK's answer as JSON: times as ISO 8601, streams and a function's payload as text, other bytes in base64. */
export async function fromSdk(value: unknown, service: SdkService): Promise<Json> {
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString(service.name === "Lambda" ? "utf8" : "base64")
  if (Array.isArray(value)) return Promise.all(value.map(item => fromSdk(item, service)))
  if (typeof value !== "object" || value === null) return value as Json
  if ("transformToString" in value && typeof value.transformToString === "function") return value.transformToString()
  const members: JsonObject = {}
  for (const [name, member] of Object.entries(value))
    if (member !== undefined) members[name] = await fromSdk(member, service)
  return members
}

/** The same with every member's name beginning in this case. */
export function withCase(value: Json, to: "lower" | "upper"): Json {
  if (Array.isArray(value)) return value.map(item => withCase(item, to))
  if (typeof value !== "object" || value === null) return value
  const renamed = (name: string) =>
    `${to === "lower" ? name.charAt(0).toLowerCase() : name.charAt(0).toUpperCase()}${name.slice(1)}`
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [renamed(name), withCase(member, to)]))
}
