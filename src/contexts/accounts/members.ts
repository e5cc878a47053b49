import { z } from "zod"
import { member, rowsOf, sensitive, view } from "../../core/index.ts"
import { account } from "./account.ts"
import { AccountId, PersonId, Role } from "./ids.ts"
import { membership } from "./membership.ts"

export const members = view({
  name: "members",
  description: "Who belongs to an account?",
  type: "Member",
  row: z.object({
    accountId: AccountId,
    personId: PersonId,
    role: Role,
    name: sensitive(z.string()).nullable(),
    since: z.iso.datetime(),
  }),
  partition: ["accountId"],
  sort: ["personId"],
  indexes: {
    membersByRole: {
      description: "Who has this role in an account?",
      partition: ["accountId", "role"],
      sort: ["since"],
    },
  },
  authorize: member("viewer"),
  live: true,
  from: [
    rowsOf(account, state =>
      state.status === "open"
        ? state.owners.map(({ personId, name, since }) => ({
            accountId: state.accountId,
            personId,
            role: "owner" as const,
            name: name?.value ?? null,
            since,
          }))
        : [],
    ),
    rowsOf(membership, state => {
      if (state.status === "none") return []
      const { accountId, personId, role, name, since } = state
      return [{ accountId, personId, role, name: name?.value ?? null, since }]
    }),
  ],
})
