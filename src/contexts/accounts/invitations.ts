import { z } from "zod"
import { member, rowsOf, sensitive, view } from "../../core/index.ts"
import { AccountId, InvitationId, Role } from "./ids.ts"
import { invitation } from "./invitation.ts"

export const invitations = view({
  name: "invitations",
  description: "Which invitations of an account are still open?",
  type: "Invitation",
  row: z.object({
    accountId: AccountId,
    invitationId: InvitationId,
    email: sensitive(z.email()),
    role: Role,
    invitedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  }),
  partition: ["accountId"],
  sort: ["invitationId"],
  authorize: member("viewer"),
  live: true,
  from: [
    rowsOf(invitation, state => {
      if (state.status !== "open" || state.email.value === null) return []
      const { accountId, invitationId, email, role, invitedAt, expiresAt } = state
      return [{ accountId, invitationId, email: email.value ?? "", role, invitedAt, expiresAt }]
    }),
  ],
})
