import { z } from "zod"
import { rowsOf, sensitive, verifiedEmail, view } from "../../core/index.ts"
import { AccountId, InvitationId, Role } from "./ids.ts"
import { invitation } from "./invitation.ts"

export const myInvitations = view({
  name: "myInvitations",
  description: "Which open invitations were sent to my verified e-mail address?",
  type: "MyInvitation",
  row: z.object({
    email: sensitive(z.email()),
    invitationId: InvitationId,
    accountId: AccountId,
    role: Role,
    invitedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  }),
  partition: ["email"],
  sort: ["invitationId"],
  authorize: verifiedEmail(),
  live: true,
  relations: {
    account: { to: "invitingAccount", by: { accountId: "accountId" }, description: "What the account is called." },
  },
  from: [
    rowsOf(invitation, state => {
      if (state.status !== "open" || state.email.value === null) return []
      const { accountId, invitationId, email, role, invitedAt, expiresAt } = state
      return [{ email: (email.value ?? "").trim().toLowerCase(), invitationId, accountId, role, invitedAt, expiresAt }]
    }),
  ],
})
