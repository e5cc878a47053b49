import { z } from "zod"
import { backend, rowsOf, view } from "../../core/index.ts"
import { account } from "./account.ts"
import { AccountId } from "./ids.ts"

export const invitingAccount = view({
  name: "invitingAccount",
  description: "What is an account called, for whoever is invited to it and may see nothing else of it?",
  type: "InvitingAccount",
  row: z.object({ accountId: AccountId, name: z.string() }),
  partition: ["accountId"],
  // Nobody asks for it: an invitation leads to it.
  authorize: backend(),
  from: [
    rowsOf(account, state => {
      if (state.status === "unknown") return []
      const { accountId, name } = state
      return [{ accountId, name }]
    }),
  ],
})
