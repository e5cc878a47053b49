import type { Context, Tenancy } from "../../core/index.ts"
import { type State as AccountState, account } from "./account.ts"
import { accountCounts } from "./accountCounts.ts"
import { accountView } from "./accountView.ts"
import { cancelExpiryOnInvitationAccepted } from "./cancelExpiryOnInvitationAccepted.ts"
import { endMembershipOnOwnerAdded } from "./endMembershipOnOwnerAdded.ts"
import { expireInvitationWhenDue } from "./expireInvitationWhenDue.ts"
import { roles } from "./ids.ts"
import { invitation } from "./invitation.ts"
import { invitations } from "./invitations.ts"
import { invitingAccount } from "./invitingAccount.ts"
import { mailInvitationOnMemberInvited } from "./mailInvitationOnMemberInvited.ts"
import { makeMembershipOnInvitationAccepted } from "./makeMembershipOnInvitationAccepted.ts"
import { makeMembershipOnOwnerDemoted } from "./makeMembershipOnOwnerDemoted.ts"
import { makeOwnerOnMemberPromoted } from "./makeOwnerOnMemberPromoted.ts"
import { members } from "./members.ts"
import { type State as MembershipState, membership } from "./membership.ts"
import { myAccounts } from "./myAccounts.ts"
import { myInvitations } from "./myInvitations.ts"

/** Accounts, the people who belong to them, and how they are invited. */
export const accounts: Context = {
  name: "accounts",
  description: "Accounts, the people who belong to them, and how they are invited.",
  aggregates: [account, membership, invitation],
  views: [accountView, members, myAccounts, invitations, myInvitations, invitingAccount],
  projections: [accountCounts],
  automations: [
    mailInvitationOnMemberInvited,
    expireInvitationWhenDue,
    cancelExpiryOnInvitationAccepted,
    makeMembershipOnInvitationAccepted,
    makeOwnerOnMemberPromoted,
    endMembershipOnOwnerAdded,
    makeMembershipOnOwnerDemoted,
  ],
}

/** A tenant is an account. Its owners stand in the account's stream, everybody else has a membership; a closed account has nobody. */
export const tenancy: Tenancy = {
  field: "accountId",
  roles,
  sources: [
    {
      of: account,
      key: ({ tenant }) => tenant,
      role: (state: AccountState, person) => {
        if (state.status !== "open") return null
        return state.owners.some(owner => owner.personId === person) ? "owner" : undefined
      },
    },
    {
      of: membership,
      key: ({ person }) => person,
      role: (state: MembershipState) => (state.status === "none" ? undefined : state.role),
    },
  ],
  view: myAccounts,
}

export { events as accountEvents } from "./account.ts"
export { AccountId } from "./ids.ts"
