import Link from "@cloudscape-design/components/link"
import type { AggregateAddress } from "./queries.ts"

/** The aggregate behind a stream's id: `tenant/aggregate/id`. */
export function addressOf(stream: string): AggregateAddress {
  const [tenant = "", aggregate = "", ...id] = stream.split("/")
  return { tenant, aggregate, id: id.join("/") }
}

/** Address of an aggregate's page. */
export const hrefOf = ({ tenant, aggregate, id }: AggregateAddress) =>
  `#/support/aggregate/${[tenant, aggregate, id].map(encodeURIComponent).join("/")}`

/** Leads to an aggregate. */
export function StreamLink({ stream, version }: { readonly stream: string; readonly version?: number | null }) {
  const address = addressOf(stream)
  if (address.id === "") return <>{stream}</>
  return (
    <Link href={hrefOf(address)}>
      {address.aggregate} {address.id}
      {version == null ? "" : `, version ${version}`}
    </Link>
  )
}
