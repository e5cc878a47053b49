import { z } from "zod"
import {
  type Aggregate,
  about,
  anyOf,
  backend,
  member,
  messages,
  type Personal,
  personal,
  rejected,
  self,
  sensitive,
} from "../../core/index.ts"
import { AccountId, MemberRole, PersonId, Role } from "./ids.ts"

const key = { accountId: AccountId, personId: PersonId }

export const commands = messages({
  JoinAccount: z
    .object({ ...key, role: MemberRole, displayName: sensitive(z.string()).optional() })
    .describe("Makes a person a member."),
  ChangeMemberRole: z
    .object({ ...key, role: Role })
    .describe("Gives a member another role; to make somebody an owner takes an owner."),
  RemoveMember: z.object(key).describe("Removes a member from the account; a member may leave this way."),
  EndMembership: z.object(key).describe("Ends the membership of a person who has become an owner."),
})

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  MemberJoined: z
    .object({ ...key, role: MemberRole, memberName: personal().optional() })
    .describe("A person belongs to the account."),
  MemberRoleChanged: z.object({ ...key, role: MemberRole }).describe("A member has another role."),
  MemberPromoted: z
    .object({ ...key, memberName: personal().optional() })
    .describe("A member is to become an owner; the account decides when."),
  MemberRemoved: z.object(key).describe("A member has left or was removed."),
  MembershipEnded: z.object(key).describe("The person is an owner now, and no ordinary member any more."),
})
const { MemberJoined, MemberRoleChanged, MemberPromoted, MemberRemoved, MembershipEnded } = events

export type State =
  | { readonly status: "none" }
  | {
      readonly status: "member" | "promoted"
      readonly accountId: AccountId
      readonly personId: PersonId
      readonly role: MemberRole
      readonly name?: Personal | undefined
      readonly since: string
    }

const rejections = {
  NotAMember: "This person is not a member of the account.",
  OwnerNeeded: "Only an owner may make somebody an owner.",
} as const

/** A person is a member of an account with one role, or not at all. */
export const membership: Aggregate<typeof commands, typeof events, State, typeof rejections> = {
  name: "membership",
  description: "A person is a member of an account with one role, or not at all.",
  commands,
  events,
  rejections,
  key: "personId",
  initial: { status: "none" },

  authorize: {
    JoinAccount: backend(),
    ChangeMemberRole: member("admin"),
    RemoveMember: anyOf(member("admin"), self("personId")),
    EndMembership: backend(),
  },

  decide: {
    JoinAccount: (state, { accountId, personId, role, displayName }) =>
      state.status === "none"
        ? [
            MemberJoined({
              accountId,
              personId,
              role,
              ...(displayName ? { memberName: about(personId, displayName) } : {}),
            }),
          ]
        : [],

    ChangeMemberRole: (state, { accountId, personId, role }, { actor }) => {
      if (state.status === "none") return rejected("NotAMember", "personId")
      if (role !== "owner") return state.role === role ? [] : [MemberRoleChanged({ accountId, personId, role })]
      if (actor.role !== "owner") return rejected("OwnerNeeded", "role")
      return state.status === "promoted"
        ? []
        : [MemberPromoted({ accountId, personId, ...(state.name ? { memberName: state.name } : {}) })]
    },

    RemoveMember: (state, { accountId, personId }) =>
      state.status === "none" ? [] : [MemberRemoved({ accountId, personId })],

    EndMembership: (state, { accountId, personId }) =>
      state.status === "none" ? [] : [MembershipEnded({ accountId, personId })],
  },

  evolve: {
    MemberJoined: (_, { accountId, personId, role, memberName }, { time }) => ({
      status: "member",
      accountId,
      personId,
      role,
      name: memberName,
      since: time,
    }),
    MemberRoleChanged: (state, { role }) => (state.status === "none" ? state : { ...state, status: "member", role }),
    MemberPromoted: state => (state.status === "none" ? state : { ...state, status: "promoted" }),
    MemberRemoved: () => ({ status: "none" }),
    MembershipEnded: () => ({ status: "none" }),
  },
}
