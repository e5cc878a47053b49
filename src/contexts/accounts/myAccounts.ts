import { z } from "zod"
import { rowsOf, self, view } from "../../core/index.ts"
import { account } from "./account.ts"
import { AccountId, PersonId, Role } from "./ids.ts"
import { membership } from "./membership.ts"

export const myAccounts = view({
  name: "myAccounts",
  description: "Which accounts do I belong to, and with which role?",
  type: "MyAccount",
  row: z.object({ personId: PersonId, accountId: AccountId, role: Role, since: z.iso.datetime() }),
  partition: ["personId"],
  sort: ["accountId"],
  authorize: self("personId"),
  live: true,
  relations: { account: { to: "account", by: { accountId: "accountId" }, description: "The account itself." } },
  from: [
    rowsOf(account, state =>
      state.status === "open"
        ? state.owners.map(({ personId, since }) => ({
            personId,
            accountId: state.accountId,
            role: "owner" as const,
            since,
          }))
        : [],
    ),
    rowsOf(membership, state => {
      if (state.status === "none") return []
      const { personId, accountId, role, since } = state
      return [{ personId, accountId, role, since }]
    }),
  ],
})
