import { z } from "zod"
import { member, rowsOf, view } from "../../core/index.ts"
import { account } from "./account.ts"
import { AccountId } from "./ids.ts"

export const accountView = view({
  name: "account",
  description: "What is this account?",
  type: "Account",
  row: z.object({
    accountId: AccountId,
    name: z.string(),
    slug: z.string(),
    status: z.enum(["open", "closed"]).meta({ id: "AccountStatus" }),
    openedAt: z.iso.datetime(),
  }),
  partition: ["accountId"],
  unique: ["slug"],
  authorize: member("viewer"),
  live: true,
  relations: {
    members: { to: "members", by: { accountId: "accountId" }, description: "Who belongs to the account." },
    invitations: { to: "invitations", by: { accountId: "accountId" }, description: "Invitations that are still open." },
    counts: {
      to: "accountCounts",
      by: { accountId: "accountId" },
      description: "How many members and open invitations there are.",
    },
  },
  from: [
    rowsOf(account, state => {
      if (state.status === "unknown") return []
      const { accountId, name, slug, status, openedAt } = state
      return [{ accountId, name, slug, status, openedAt }]
    }),
  ],
})
