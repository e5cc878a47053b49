/** The people and the facts that the rules of accounts are told with. */
import * as account from "../../../src/contexts/accounts/account.ts"
import * as invitation from "../../../src/contexts/accounts/invitation.ts"
import * as membership from "../../../src/contexts/accounts/membership.ts"
import { about, emailSubject } from "../../../src/core/index.ts"
import { personNamed } from "../../scenario.ts"

export const accountId = "account-00000000000000001"
export const invitationId = "invitation-00000000000001"
export const ada = "ada-000000000000000000000"
export const bob = "bob-000000000000000000000"
export const address = "bob@example.org"

export const adaAsks = personNamed(ada, { role: "owner" })
export const bobAsks = personNamed(bob, { email: address })

export const opened = account.events.AccountOpened({ accountId, name: "Ada's", slug: "adas", ownerId: ada })
export const closed = account.events.AccountClosed({ accountId })
export const bobOwns = account.events.OwnerAdded({ accountId, personId: bob })
export const bobDemoted = account.events.OwnerDemoted({ accountId, personId: bob, role: "admin" })
export const bobLeft = account.events.OwnerRemoved({ accountId, personId: bob })

export const bobJoined = membership.events.MemberJoined({ accountId, personId: bob, role: "member" })
export const bobPromoted = membership.events.MemberPromoted({ accountId, personId: bob })
export const bobRemoved = membership.events.MemberRemoved({ accountId, personId: bob })

export const invited = invitation.events.MemberInvited({
  accountId,
  invitationId,
  email: about(emailSubject(address), address),
  role: "member",
  invitedBy: ada,
  expiresAt: "2026-11-08T10:00:00.000Z",
})
export const secretRecorded = invitation.events.InvitationSecretRecorded({
  accountId,
  invitationId,
  secretHash: "hash",
})
export const accepted = invitation.events.InvitationAccepted({ accountId, invitationId, personId: bob, role: "member" })
export const declined = invitation.events.InvitationDeclined({ accountId, invitationId, personId: bob })
export const expired = invitation.events.InvitationExpired({ accountId, invitationId })
export const revoked = invitation.events.InvitationRevoked({ accountId, invitationId })
