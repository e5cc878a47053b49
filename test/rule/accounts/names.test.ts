import { describe, test } from "vitest"
import { account, events as accountEvents, commands as accounts } from "../../../src/contexts/accounts/account.ts"
import { events, invitation, commands as invitations } from "../../../src/contexts/accounts/invitation.ts"
import { invitations as invitationsView } from "../../../src/contexts/accounts/invitations.ts"
import { mailInvitationOnMemberInvited } from "../../../src/contexts/accounts/mailInvitationOnMemberInvited.ts"
import { makeMembershipOnInvitationAccepted } from "../../../src/contexts/accounts/makeMembershipOnInvitationAccepted.ts"
import { makeMembershipOnOwnerDemoted } from "../../../src/contexts/accounts/makeMembershipOnOwnerDemoted.ts"
import { makeOwnerOnMemberPromoted } from "../../../src/contexts/accounts/makeOwnerOnMemberPromoted.ts"
import {
  membership,
  events as membershipEvents,
  commands as memberships,
} from "../../../src/contexts/accounts/membership.ts"
import { myAccounts } from "../../../src/contexts/accounts/myAccounts.ts"
import { myInvitations } from "../../../src/contexts/accounts/myInvitations.ts"
import { about, emailSubject, send } from "../../../src/core/index.ts"
import { given, on } from "../../scenario.ts"
import {
  accepted,
  accountId,
  ada,
  adaAsks,
  address,
  bob,
  bobAsks,
  bobDemoted,
  bobJoined,
  bobOwns,
  bobPromoted,
  bobRemoved,
  invitationId,
  invited,
  opened,
} from "./facts.ts"

const key = { accountId, invitationId }
const bobs = { accountId, personId: bob }
const since = "2026-11-01T10:00:00.000Z"
const name = about(bob, "Bob")
const forgotten = about(bob, null)
/** The same fact with more in it. */
const saying = <Fact extends { data: object }>(fact: Fact, more: object): Fact => ({
  ...fact,
  data: { ...fact.data, ...more },
})

describe("what a person is called", () => {
  test("when accepting goes into the membership or the ownership", () => {
    given(invitation, invited)
      .when(invitations.AcceptInvitation({ ...key, displayName: "Bob" }), bobAsks)
      .thenEvents(saying(accepted, { personName: name }))
    const named = saying(accepted, { personName: name })
    const asMember = memberships.JoinAccount({ ...bobs, role: "member", displayName: "Bob" })
    const asOwner = accounts.AddOwner({ ...bobs, displayName: "Bob" })
    on(named).thenReactions(makeMembershipOnInvitationAccepted, send(asMember))
    on(saying(named, { role: "owner" })).thenReactions(makeMembershipOnInvitationAccepted, send(asOwner))
    given(membership)
      .when(asMember)
      .thenEvents(saying(bobJoined, { memberName: name }))
    given(account, opened)
      .when(asOwner)
      .thenEvents(saying(bobOwns, { ownerName: name }))
  })

  test("stays with them when they are promoted or demoted", () => {
    given(membership, saying(bobJoined, { memberName: name }))
      .when(memberships.ChangeMemberRole({ ...bobs, role: "owner" }), adaAsks)
      .thenEvents(saying(bobPromoted, { memberName: name }))
    on(saying(bobPromoted, { memberName: name })).thenReactions(
      makeOwnerOnMemberPromoted,
      send(accounts.AddOwner({ ...bobs, displayName: "Bob" })),
    )
    given(account, opened, saying(bobOwns, { ownerName: name }))
      .when(accounts.DemoteOwner({ ...bobs, role: "admin" }))
      .thenEvents(saying(bobDemoted, { ownerName: name }))
    on(saying(bobDemoted, { ownerName: name })).thenReactions(
      makeMembershipOnOwnerDemoted,
      send(memberships.JoinAccount({ ...bobs, role: "admin", displayName: "Bob" })),
    )
  })

  test("is nothing once they are forgotten, and stops nobody", () => {
    on(saying(accepted, { personName: forgotten })).thenReactions(
      makeMembershipOnInvitationAccepted,
      send(memberships.JoinAccount({ ...bobs, role: "member" })),
    )
    on(saying(bobPromoted, { memberName: forgotten })).thenReactions(
      makeOwnerOnMemberPromoted,
      send(accounts.AddOwner(bobs)),
    )
    on(saying(bobDemoted, { ownerName: forgotten })).thenReactions(
      makeMembershipOnOwnerDemoted,
      send(memberships.JoinAccount({ ...bobs, role: "admin" })),
    )
  })
})

describe("an invitation", () => {
  test("to anything but owner is made by an admin, too", () =>
    given(invitation)
      .when(invitations.InviteMember({ ...key, email: address, role: "viewer" }), { ...adaAsks, role: "admin" })
      .thenEvents(saying(invited, { role: "viewer" })))

  test("to become an owner is made by an owner", () =>
    given(invitation)
      .when(invitations.InviteMember({ ...key, email: address, role: "owner" }), adaAsks)
      .thenEvents(saying(invited, { role: "owner" })))

  test("that was accepted is closed to whoever else has its secret", () =>
    given(invitation, invited, events.InvitationSecretRecorded({ ...key, secretHash: "0123456789abcdef" }), accepted)
      .when(invitations.AcceptInvitation({ ...key, secret: "0123456789abcdef" }), adaAsks)
      .thenRejected("InvitationClosed"))

  test("cannot expire at the very time at which it is made", () =>
    given(invitation)
      .when(invitations.InviteMember({ ...key, email: address, role: "viewer", expiresAt: since }), adaAsks, since)
      .thenRejected("ExpiryPassed"))

  test("is for the verified address however it is spelled", () => {
    const shouted = saying(invited, { email: about(emailSubject(address), " BOB@Example.org ") })
    given(invitation, shouted)
      .when(invitations.AcceptInvitation(key), { ...bobAsks, email: "bob@EXAMPLE.org " })
      .thenEvents(accepted)
    given(invitation, shouted).thenRows(myInvitations, {
      ...{ email: address, ...key, role: "member", invitedAt: since, expiresAt: "2026-11-08T10:00:00.000Z" },
    })
  })

  test("that was declined cannot be accepted by who declined it", () =>
    given(invitation, invited, events.InvitationDeclined({ ...key, personId: bob }))
      .when(invitations.AcceptInvitation(key), bobAsks)
      .thenRejected("InvitationClosed"))

  test("to a forgotten address is in no list and is not mailed", () => {
    const gone = saying(invited, { email: about(emailSubject(address), null) })
    given(invitation, gone).thenRows(invitationsView)
    given(invitation, gone).thenRows(myInvitations)
    on(gone).thenReactions(mailInvitationOnMemberInvited)
  })
})

describe("a membership", () => {
  test("has the role that it was given last, until it ends", () => {
    const row = { personId: bob, accountId, since }
    const changed = membershipEvents.MemberRoleChanged({ ...bobs, role: "viewer" })
    given(membership, bobJoined, changed).thenRows(myAccounts, { ...row, role: "viewer" })
    given(membership, bobJoined, bobPromoted, changed)
      .when(memberships.ChangeMemberRole({ ...bobs, role: "owner" }), adaAsks)
      .thenEvents(bobPromoted)
    given(membership, bobJoined, bobRemoved).thenRows(myAccounts)
  })

  test("of an owner lists the account until it is closed", () => {
    given(account, opened).thenRows(myAccounts, { personId: ada, accountId, role: "owner", since })
    given(account, opened, accountEvents.AccountClosed({ accountId })).thenRows(myAccounts)
  })
})
