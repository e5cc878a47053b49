import { describe, test } from "vitest"
import { account, commands as accountCommands } from "../../../src/contexts/accounts/account.ts"
import { accountCounts } from "../../../src/contexts/accounts/accountCounts.ts"
import { accountView } from "../../../src/contexts/accounts/accountView.ts"
import { cancelExpiryOnInvitationAccepted } from "../../../src/contexts/accounts/cancelExpiryOnInvitationAccepted.ts"
import { endMembershipOnOwnerAdded } from "../../../src/contexts/accounts/endMembershipOnOwnerAdded.ts"
import { expireInvitationWhenDue } from "../../../src/contexts/accounts/expireInvitationWhenDue.ts"
import { invitation, commands as invitationCommands } from "../../../src/contexts/accounts/invitation.ts"
import { invitations } from "../../../src/contexts/accounts/invitations.ts"
import { invitingAccount } from "../../../src/contexts/accounts/invitingAccount.ts"
import { mailInvitationOnMemberInvited } from "../../../src/contexts/accounts/mailInvitationOnMemberInvited.ts"
import { makeMembershipOnInvitationAccepted } from "../../../src/contexts/accounts/makeMembershipOnInvitationAccepted.ts"
import { makeMembershipOnOwnerDemoted } from "../../../src/contexts/accounts/makeMembershipOnOwnerDemoted.ts"
import { makeOwnerOnMemberPromoted } from "../../../src/contexts/accounts/makeOwnerOnMemberPromoted.ts"
import { members } from "../../../src/contexts/accounts/members.ts"
import { membership, commands as membershipCommands } from "../../../src/contexts/accounts/membership.ts"
import { myAccounts } from "../../../src/contexts/accounts/myAccounts.ts"
import { myInvitations } from "../../../src/contexts/accounts/myInvitations.ts"
import { cancel, mail, schedule, send } from "../../../src/core/index.ts"
import { derive, given, givenStreams, on, stream } from "../../scenario.ts"
import {
  accepted,
  accountId,
  ada,
  address,
  bob,
  bobDemoted,
  bobJoined,
  bobOwns,
  bobPromoted,
  bobRemoved,
  closed,
  invitationId,
  invited,
  opened,
  revoked,
} from "./facts.ts"

const since = "2026-11-01T10:00:00.000Z"
const expiresAt = "2026-11-08T10:00:00.000Z"
const adasRow = { accountId, personId: ada, role: "owner", name: null, since }
const bobsRow = { accountId, personId: bob, role: "member", name: null, since }

describe("the views of accounts", () => {
  test("an account is shown with its status, also when closed", () => {
    given(account, opened).thenRows(accountView, {
      accountId,
      name: "Ada's",
      slug: "adas",
      status: "open",
      openedAt: since,
    })
    given(account, opened, closed).thenRows(accountView, {
      accountId,
      name: "Ada's",
      slug: "adas",
      status: "closed",
      openedAt: since,
    })
    given(account).thenRows(accountView)
  })

  test("members are the owners and those with a membership", () => {
    given(account, opened, bobOwns).thenRows(members, adasRow, { ...adasRow, personId: bob })
    given(membership, bobJoined).thenRows(members, bobsRow)
    given(membership, bobJoined, bobRemoved).thenRows(members)
    given(account, opened, closed).thenRows(members)
  })

  test("my accounts are those that I own or am a member of", () => {
    given(account, opened).thenRows(myAccounts, { accountId, personId: ada, role: "owner", since })
    given(membership, bobJoined).thenRows(myAccounts, { accountId, personId: bob, role: "member", since })
    given(account, opened, closed).thenRows(myAccounts)
  })

  test("invitations are shown while they are open", () => {
    given(invitation, invited).thenRows(invitations, {
      accountId,
      invitationId,
      email: address,
      role: "member",
      invitedAt: since,
      expiresAt,
    })
    given(invitation, invited).thenRows(myInvitations, {
      accountId,
      invitationId,
      email: address,
      role: "member",
      invitedAt: since,
      expiresAt,
    })
    given(account, opened).thenRows(invitingAccount, { accountId, name: "Ada's" })
    given(invitation, invited, accepted).thenRows(invitations)
    given(invitation, invited, revoked).thenRows(myInvitations)
  })

  test("members and open invitations are counted over all their streams", () =>
    givenStreams(
      stream(account, opened, bobOwns, bobDemoted),
      stream(membership, bobJoined),
      stream(membership, bobJoined, bobRemoved),
      stream(invitation, invited),
      stream(invitation, invited, accepted),
    ).thenProjects(accountCounts, { accountId: "tenant-000000000000000001", members: 2, openInvitations: 1 }))
})

describe("the automations of accounts", () => {
  test("a member invited sets the timer that ends the invitation; an accepted one takes it back", () => {
    const expire = invitationCommands.ExpireInvitation({ accountId, invitationId })
    on(invited).thenReactions(expireInvitationWhenDue, schedule("expiry", expiresAt, expire))
    on(accepted).thenReactions(cancelExpiryOnInvitationAccepted, cancel("expiry"))
  })

  test("a member invited is mailed a secret whose hash is recorded first", () => {
    const secret = derive(`invitation/${accountId}/${invitationId}`)
    const text = [
      "You are invited to join Ada's as member.",
      "",
      `Account: ${accountId}`,
      `Invitation: ${invitationId}`,
      `Secret: ${secret.value}`,
      "",
      "Sign in and accept the invitation with this secret, or ignore this mail.",
    ].join("\n")
    on(invited, { account: { name: "Ada's" } }).thenReactions(
      mailInvitationOnMemberInvited,
      send(invitationCommands.RecordInvitationSecret({ accountId, invitationId, secretHash: secret.hash })),
      mail({ to: address, subject: "You are invited to Ada's", text }),
    )
  })

  test("an accepted invitation makes a member", () =>
    on(accepted).thenReactions(
      makeMembershipOnInvitationAccepted,
      send(membershipCommands.JoinAccount({ accountId, personId: bob, role: "member" })),
    ))

  test("an accepted invitation as owner makes an owner", () =>
    on({ ...accepted, data: { ...accepted.data, role: "owner" } }).thenReactions(
      makeMembershipOnInvitationAccepted,
      send(accountCommands.AddOwner({ accountId, personId: bob })),
    ))

  test("a promoted member becomes an owner, and then no ordinary member", () => {
    on(bobPromoted).thenReactions(
      makeOwnerOnMemberPromoted,
      send(accountCommands.AddOwner({ accountId, personId: bob })),
    )
    on(bobOwns).thenReactions(
      endMembershipOnOwnerAdded,
      send(membershipCommands.EndMembership({ accountId, personId: bob })),
    )
  })

  test("a demoted owner becomes a member with the role", () =>
    on(bobDemoted).thenReactions(
      makeMembershipOnOwnerDemoted,
      send(membershipCommands.JoinAccount({ accountId, personId: bob, role: "admin" })),
    ))
})
