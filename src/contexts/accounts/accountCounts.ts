import { z } from "zod"
import { member, onEvent, projection } from "../../core/index.ts"
import * as accounts from "./account.ts"
import { AccountId } from "./ids.ts"
import * as invitations from "./invitation.ts"
import * as memberships from "./membership.ts"

const row = z.object({ accountId: AccountId, members: z.int(), openInvitations: z.int() })
type Row = z.output<typeof row>

const members = (by: number) => (counts: Row) => ({ ...counts, members: counts.members + by })
const openInvitations = (by: number) => (counts: Row) => ({ ...counts, openInvitations: counts.openInvitations + by })

export const accountCounts = projection({
  name: "accountCounts",
  description: "How many members and open invitations does an account have?",
  type: "AccountCounts",
  row,
  partition: ["accountId"],
  authorize: member("viewer"),
  initial: { members: 0, openInvitations: 0 },
  key: ({ tenant }) => ({ accountId: tenant }),
  from: [
    {
      of: accounts.account,
      on: {
        ...onEvent(accounts.events.AccountOpened, members(1)),
        ...onEvent(accounts.events.OwnerAdded, members(1)),
        ...onEvent(accounts.events.OwnerDemoted, members(-1)),
        ...onEvent(accounts.events.OwnerRemoved, members(-1)),
      },
    },
    {
      of: memberships.membership,
      on: {
        ...onEvent(memberships.events.MemberJoined, members(1)),
        ...onEvent(memberships.events.MemberRemoved, members(-1)),
        ...onEvent(memberships.events.MembershipEnded, members(-1)),
      },
    },
    {
      of: invitations.invitation,
      on: {
        ...onEvent(invitations.events.MemberInvited, openInvitations(1)),
        ...onEvent(invitations.events.InvitationAccepted, openInvitations(-1)),
        ...onEvent(invitations.events.InvitationDeclined, openInvitations(-1)),
        ...onEvent(invitations.events.InvitationRevoked, openInvitations(-1)),
        ...onEvent(invitations.events.InvitationExpired, openInvitations(-1)),
      },
    },
  ],
})
