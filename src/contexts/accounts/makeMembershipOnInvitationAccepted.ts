import { automation, send } from "../../core/index.ts"
import * as account from "./account.ts"
import { events } from "./invitation.ts"
import * as membership from "./membership.ts"

export const makeMembershipOnInvitationAccepted = automation({
  name: "makeMembershipOnInvitationAccepted",
  description: "When an invitation is accepted, make the person a member, or an owner if invited as one.",
  on: events.InvitationAccepted,
  sends: [membership.commands.JoinAccount, account.commands.AddOwner],
  react: ({ accountId, personId, role, personName }) => {
    const displayName = personName?.value ? { displayName: personName.value } : {}
    if (role === "owner") return [send(account.commands.AddOwner({ accountId, personId, ...displayName }))]
    return [send(membership.commands.JoinAccount({ accountId, personId, role, ...displayName }))]
  },
})
