import { describe, test } from "vitest"
import { commands, invitation } from "../../../src/contexts/accounts/invitation.ts"
import { about } from "../../../src/core/index.ts"
import { given, personNamed } from "../../scenario.ts"
import {
  accepted,
  accountId,
  ada,
  adaAsks,
  address,
  bob,
  bobAsks,
  declined,
  expired,
  invitationId,
  invited,
  revoked,
  secretRecorded,
} from "./facts.ts"

const {
  InviteMember,
  RecordInvitationSecret,
  AcceptInvitation,
  DeclineInvitation,
  ExpireInvitation,
  RevokeInvitation,
} = commands
const key = { accountId, invitationId }
const invite = InviteMember({ ...key, email: address, role: "member" })
const stranger = personNamed(bob, { email: "mallory@example.org" })

describe("an invitation", () => {
  test("is made once", () => {
    given(invitation).when(invite, adaAsks).thenEvents(invited)
    given(invitation, invited).when(invite, adaAsks).thenNothing()
    given(invitation, invited, revoked).when(invite, adaAsks).thenRejected("InvitationClosed")
  })

  test("to become an owner is made by an owner", () => {
    const asOwner = InviteMember({ ...key, email: address, role: "owner" })
    given(invitation)
      .when(asOwner, personNamed(ada, { role: "admin" }))
      .thenRejected("OwnerNeeded")
  })

  test("is accepted by the person with the verified address", () =>
    given(invitation, invited).when(AcceptInvitation(key), bobAsks).thenEvents(accepted))

  test("is not accepted with a wrong secret", () =>
    given(invitation, invited, secretRecorded)
      .when(AcceptInvitation({ ...key, secret: "hash".padEnd(16) }), personNamed(bob))
      .thenRejected("NotInvited"))

  test("compares the hash of the secret", () => {
    const recorded = { ...secretRecorded, data: { ...secretRecorded.data, secretHash: "0123456789abcdef" } }
    given(invitation, invited, recorded)
      .when(AcceptInvitation({ ...key, secret: "0123456789abcdef" }), personNamed(bob))
      .thenEvents(accepted)
  })

  test("tells a stranger nothing, not even that it exists", () => {
    given(invitation, invited).when(AcceptInvitation(key), stranger).thenRejected("NotInvited")
    given(invitation).when(AcceptInvitation(key), stranger).thenRejected("NotInvited")
    given(invitation).when(DeclineInvitation(key), stranger).thenRejected("NotInvited")
    given(invitation, invited).when(DeclineInvitation(key), stranger).thenRejected("NotInvited")
  })

  test("is answered once", () => {
    given(invitation, invited, accepted).when(AcceptInvitation(key), bobAsks).thenNothing()
    given(invitation, invited, accepted).when(DeclineInvitation(key), bobAsks).thenRejected("InvitationClosed")
    given(invitation, invited).when(DeclineInvitation(key), bobAsks).thenEvents(declined)
    given(invitation, invited, declined).when(DeclineInvitation(key), bobAsks).thenNothing()
    given(invitation, invited, declined).when(AcceptInvitation(key), bobAsks).thenRejected("InvitationClosed")
  })

  test("is revoked while it is open", () => {
    given(invitation, invited).when(RevokeInvitation(key)).thenEvents(revoked)
    given(invitation, invited, revoked).when(RevokeInvitation(key)).thenNothing()
    given(invitation, invited, accepted).when(RevokeInvitation(key)).thenRejected("InvitationClosed")
    given(invitation).when(RevokeInvitation(key)).thenRejected("InvitationUnknown")
  })

  test("is open for seven days, or as set, and then ends", () => {
    const end = "2026-11-08T10:00:00.000Z"
    const later = "2026-12-24T00:00:00.000Z"
    const until = { ...invited, data: { ...invited.data, expiresAt: later } }
    given(invitation)
      .when(InviteMember({ ...key, email: address, role: "member", expiresAt: later }), adaAsks)
      .thenEvents(until)
    given(invitation)
      .when(InviteMember({ ...key, email: address, role: "member", expiresAt: "2026-10-31T00:00:00.000Z" }), adaAsks)
      .thenRejected("ExpiryPassed")
    given(invitation, invited).when(ExpireInvitation(key)).thenNothing()
    given(invitation, invited).when(ExpireInvitation(key), adaAsks, end).thenEvents(expired)
    given(invitation, invited, accepted).when(ExpireInvitation(key), adaAsks, end).thenNothing()
    given(invitation, invited).when(AcceptInvitation(key), bobAsks, end).thenRejected("InvitationClosed")
    given(invitation, invited, expired).when(AcceptInvitation(key), bobAsks).thenRejected("InvitationClosed")
    given(invitation, invited, expired).thenClaims({})
  })

  test("remembers the hash of its secret", () => {
    given(invitation, invited)
      .when(RecordInvitationSecret({ ...key, secretHash: "hash" }))
      .thenEvents(secretRecorded)
    given(invitation, invited, secretRecorded)
      .when(RecordInvitationSecret({ ...key, secretHash: "hash" }))
      .thenNothing()
    given(invitation)
      .when(RecordInvitationSecret({ ...key, secretHash: "hash" }))
      .thenRejected("InvitationUnknown")
  })

  test("holds its address in the account while it is open", () => {
    given(invitation, invited).thenClaims({ email: `${accountId}/${address}` })
    given(invitation, invited, revoked).thenClaims({})
  })

  test("to a forgotten address can be accepted by nobody", () => {
    const forgotten = { ...invited, data: { ...invited.data, email: about("address:x", null) } }
    given(invitation, forgotten).when(AcceptInvitation(key), bobAsks).thenRejected("NotInvited")
    given(invitation, forgotten).thenClaims({})
  })
})
