import { z } from "zod"

/** The name of an index: unique in its account, and what its stream is called. */
export const IndexName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, - or _")
export type IndexName = z.output<typeof IndexName>

export const statuses = ["CREATING", "READY", "MODIFYING", "DELETING", "DELETED", "FAILED"] as const
export const IndexStatus = z.enum(statuses).meta({ id: "IndexStatus" })
export type IndexStatus = z.output<typeof IndexStatus>
