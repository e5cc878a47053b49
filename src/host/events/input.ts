import type { z } from "zod"
import { AwsError, type JsonObject } from "../host.ts"

/** Reads a call's input or a resource's properties. Throws AwsError ValidationException naming what is wrong. */
export function readInput<T>(schema: z.ZodType<T>, input: JsonObject): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const reasons = result.error.issues.map(({ path, message }) => {
    const member = path.map(step => (typeof step === "string" ? step.charAt(0).toLowerCase() + step.slice(1) : step))
    return `Value at '${member.join(".")}' failed to satisfy constraint: ${message}`
  })
  const count = `${reasons.length} validation error${reasons.length === 1 ? "" : "s"} detected`
  throw new AwsError("ValidationException", `${count}: ${reasons.join("; ")}`)
}
