import { describe, test } from "vitest"
import { commands, events, membership } from "../../../src/contexts/accounts/membership.ts"
import { given, personNamed } from "../../scenario.ts"
import { accountId, adaAsks, bob, bobJoined, bobPromoted, bobRemoved } from "./facts.ts"

const { JoinAccount, ChangeMemberRole, RemoveMember, EndMembership } = commands
const { MemberRoleChanged, MembershipEnded } = events
const bobs = { accountId, personId: bob }
const admin = personNamed("admin-0000000000000000000", { role: "admin" })

describe("a membership", () => {
  test("begins once", () => {
    given(membership)
      .when(JoinAccount({ ...bobs, role: "member" }))
      .thenEvents(bobJoined)
    given(membership, bobJoined)
      .when(JoinAccount({ ...bobs, role: "admin" }))
      .thenNothing()
  })

  test("can begin again after it ended", () =>
    given(membership, bobJoined, bobRemoved)
      .when(JoinAccount({ ...bobs, role: "member" }))
      .thenEvents(bobJoined))

  test("takes another role", () => {
    given(membership, bobJoined)
      .when(ChangeMemberRole({ ...bobs, role: "viewer" }), admin)
      .thenEvents(MemberRoleChanged({ ...bobs, role: "viewer" }))
    given(membership, bobJoined)
      .when(ChangeMemberRole({ ...bobs, role: "member" }), admin)
      .thenNothing()
    given(membership)
      .when(ChangeMemberRole({ ...bobs, role: "viewer" }), admin)
      .thenRejected("NotAMember")
  })

  test("is promoted to owner only by an owner, and once", () => {
    given(membership, bobJoined)
      .when(ChangeMemberRole({ ...bobs, role: "owner" }), adaAsks)
      .thenEvents(bobPromoted)
    given(membership, bobJoined, bobPromoted)
      .when(ChangeMemberRole({ ...bobs, role: "owner" }), adaAsks)
      .thenNothing()
    given(membership, bobJoined)
      .when(ChangeMemberRole({ ...bobs, role: "owner" }), admin)
      .thenRejected("OwnerNeeded")
  })

  test("ends once, by removal or because the person is an owner now", () => {
    given(membership, bobJoined).when(RemoveMember(bobs)).thenEvents(bobRemoved)
    given(membership, bobJoined, bobRemoved).when(RemoveMember(bobs)).thenNothing()
    given(membership, bobJoined, bobPromoted).when(EndMembership(bobs)).thenEvents(MembershipEnded(bobs))
    given(membership).when(EndMembership(bobs)).thenNothing()
    given(membership, bobJoined, MembershipEnded(bobs)).thenState({ status: "none" })
  })
})
