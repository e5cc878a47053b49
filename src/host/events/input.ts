import type { z } from "zod"
import { constraintFailures } from "../constraints.ts"
import { AwsError, type JsonObject } from "../host.ts"

/** Reads a call's input or a resource's properties. Throws AwsError ValidationException naming what is wrong. */
export function readInput<T>(schema: z.ZodType<T>, input: JsonObject): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new AwsError("ValidationException", constraintFailures(result.error, input))
}
