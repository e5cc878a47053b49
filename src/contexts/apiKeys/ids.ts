import { z } from "zod"
import { id } from "../../core/index.ts"

export const ApiKeyId = id<"ApiKeyId">()
export type ApiKeyId = z.output<typeof ApiKeyId>

/** What a key may do: everything, documents and searches, or searches alone. */
export const Scope = z.enum(["admin", "read_write", "read"]).meta({ id: "ApiKeyScope" })
export type Scope = z.output<typeof Scope>
