import { eventually, type Person } from "../slice/person.ts"

type Settings = Readonly<Record<string, unknown>>

/** Where an index stands. */
export async function statusOf(owner: Person, accountId: string, indexName: string): Promise<string | undefined> {
  const query =
    "query ($accountId: ID!, $indexName: String!) { index(accountId: $accountId, indexName: $indexName) { status } }"
  return (await owner.ask<{ status: string } | null>("index", query, { accountId, indexName }))?.status
}

/** Makes an index and waits until the cell has made or refused it. */
export async function makeIndex(owner: Person, accountId: string, indexName: string, settings: Settings = {}) {
  await owner.run("createIndex", { accountId, indexName, settings: JSON.stringify(settings) })
  await eventually(`${indexName} at rest`, async () =>
    ["READY", "FAILED"].includes((await statusOf(owner, accountId, indexName)) ?? ""),
  )
}

/** Who an account is at Stripe, once it is known. */
export const customerOf = (owner: Person, accountId: string) =>
  eventually("a customer", async () => {
    const query = "query ($accountId: ID!) { billing(accountId: $accountId) { customerId } }"
    return (await owner.ask<{ customerId: string | null } | null>("billing", query, { accountId }))?.customerId
  })
