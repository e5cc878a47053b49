import { z } from "zod"

/** The id of a stream: whose it is, what it is, which one. Stored for ever. */
export interface StreamId {
  readonly tenant: string
  readonly aggregate: string
  readonly id: string
}

/** `tenant/aggregate/id`. */
export const streamOf = ({ tenant, aggregate, id }: StreamId) => `${tenant}/${aggregate}/${id}`

/** The parts of a stream's id. */
export function parseStream(stream: string): StreamId {
  const [tenant = "", aggregate = "", ...id] = stream.split("/")
  return { tenant, aggregate, id: id.join("/") }
}

/** What every id on the API looks like. */
export const idPattern = /^[0-9A-Za-z_-]{20,64}$/

/** An id on the API, branded so that ids of different things cannot be mixed up. */
export const id = <const Brand extends string>() =>
  z.string().regex(idPattern, "must be 20 to 64 letters, digits, - or _").meta({ graphql: "ID" }).brand<Brand>()
