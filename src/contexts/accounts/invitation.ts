import { z } from "zod"
import {
  type Aggregate,
  about,
  backend,
  emailSubject,
  member,
  messages,
  type Personal,
  person,
  personal,
  rejected,
  secret,
  sensitive,
} from "../../core/index.ts"
import { AccountId, InvitationId, PersonId, Role } from "./ids.ts"

const key = { accountId: AccountId, invitationId: InvitationId }

export const commands = messages({
  InviteMember: z
    .object({ ...key, email: sensitive(z.email()), role: Role, expiresAt: z.iso.datetime().optional() })
    .describe(
      "Invites a person by e-mail to join the account with a role; the invitation is open for seven days, or as set.",
    ),
  RecordInvitationSecret: z
    .object({ ...key, secretHash: z.string() })
    .describe("Remembers the hash of the secret that the invitation mail carries."),
  AcceptInvitation: z
    .object({
      ...key,
      secret: secret().optional(),
      displayName: sensitive(z.string().trim().min(1).max(100)).optional(),
    })
    .describe("Accepts an invitation; it takes the invited address, verified, or the secret of the mail."),
  DeclineInvitation: z
    .object({ ...key, secret: secret().optional() })
    .describe("Declines an invitation; it takes what accepting takes."),
  RevokeInvitation: z.object(key).describe("Takes an open invitation back."),
  ExpireInvitation: z.object(key).describe("Ends an invitation whose time is over."),
})

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  MemberInvited: z
    .object({ ...key, email: personal(), role: Role, invitedBy: PersonId, expiresAt: z.string() })
    .describe("A person was invited; the invitation is open."),
  InvitationSecretRecorded: z.object({ ...key, secretHash: z.string() }).describe("The mail's secret can be checked."),
  InvitationAccepted: z
    .object({ ...key, personId: PersonId, role: Role, personName: personal().optional() })
    .describe("The invited person has accepted."),
  InvitationDeclined: z.object({ ...key, personId: PersonId }).describe("The invited person does not want to join."),
  InvitationRevoked: z.object(key).describe("The invitation was taken back."),
  InvitationExpired: z.object(key).describe("The time to answer the invitation is over."),
})
const {
  MemberInvited,
  InvitationSecretRecorded,
  InvitationAccepted,
  InvitationDeclined,
  InvitationRevoked,
  InvitationExpired,
} = events

export type State =
  | { readonly status: "unknown" }
  | {
      readonly status: "open" | "accepted" | "declined" | "revoked" | "expired"
      readonly accountId: AccountId
      readonly invitationId: InvitationId
      readonly email: Personal
      readonly role: Role
      readonly invitedAt: string
      readonly expiresAt: string
      readonly secretHash?: string
      readonly answeredBy?: PersonId
    }

const rejections = {
  InvitationUnknown: "There is no such invitation.",
  ExpiryPassed: "An invitation must be open for some time; choose a later end.",
  InvitationClosed: "The invitation is not open any more.",
  AlreadyInvited: "This address has an open invitation already.",
  OwnerNeeded: "Only an owner may invite an owner.",
  NotInvited: "The invitation is for another address; sign in with the invited one or use the link in the mail.",
} as const

/** An invitation is answered once, by the person whom it was sent to; an address has one open invitation per account. */
export const invitation: Aggregate<typeof commands, typeof events, State, typeof rejections> = {
  name: "invitation",
  description:
    "An invitation is answered once, by the person whom it was sent to; an address has one open invitation per account.",
  commands,
  events,
  rejections,
  key: "invitationId",
  initial: { status: "unknown" },
  businessKeys: ["email"],

  authorize: {
    InviteMember: member("admin"),
    RecordInvitationSecret: backend(),
    AcceptInvitation: person(),
    DeclineInvitation: person(),
    RevokeInvitation: member("admin"),
    ExpireInvitation: backend(),
  },

  unique: {
    email: {
      holds: state =>
        state.status === "open" && state.email.value !== null ? `${state.accountId}/${state.email.value}` : undefined,
      taken: "AlreadyInvited",
    },
  },

  decide: {
    InviteMember: (state, { accountId, invitationId, email, role, expiresAt }, { actor, time }) => {
      if (state.status !== "unknown") return state.status === "open" ? [] : rejected("InvitationClosed")
      if (role === "owner" && actor.role !== "owner") return rejected("OwnerNeeded", "role")
      if (expiresAt !== undefined && expiresAt <= time) return rejected("ExpiryPassed", "expiresAt")
      return [
        MemberInvited({
          accountId,
          invitationId,
          email: about(emailSubject(email), email),
          role,
          invitedBy: actor.id,
          expiresAt: expiresAt ?? afterDays(time, 7),
        }),
      ]
    },

    RecordInvitationSecret: (state, { accountId, invitationId, secretHash }) => {
      if (state.status === "unknown") return rejected("InvitationUnknown")
      return state.secretHash === secretHash ? [] : [InvitationSecretRecorded({ accountId, invitationId, secretHash })]
    },

    AcceptInvitation: (state, { accountId, invitationId, secret, displayName }, { actor, time }) => {
      if (state.status === "unknown" || !isInvited(state, actor.email, secret)) return rejected("NotInvited")
      if (state.status === "accepted" && state.answeredBy === actor.id) return []
      if (state.status !== "open" || time >= state.expiresAt) return rejected("InvitationClosed")
      const name = displayName === undefined ? {} : { personName: about(actor.id, displayName) }
      return [InvitationAccepted({ accountId, invitationId, personId: actor.id, role: state.role, ...name })]
    },

    DeclineInvitation: (state, { accountId, invitationId, secret }, { actor }) => {
      if (state.status === "unknown" || !isInvited(state, actor.email, secret)) return rejected("NotInvited")
      if (state.status === "declined") return []
      return state.status === "open"
        ? [InvitationDeclined({ accountId, invitationId, personId: actor.id })]
        : rejected("InvitationClosed")
    },

    ExpireInvitation: (state, { accountId, invitationId }, { time }) => {
      if (state.status !== "open" || time < state.expiresAt) return []
      return [InvitationExpired({ accountId, invitationId })]
    },

    RevokeInvitation: (state, { accountId, invitationId }) => {
      if (state.status === "unknown") return rejected("InvitationUnknown")
      if (state.status === "revoked") return []
      return state.status === "open" ? [InvitationRevoked({ accountId, invitationId })] : rejected("InvitationClosed")
    },
  },

  evolve: {
    MemberInvited: (_, { accountId, invitationId, email, role, expiresAt }, { time }) => ({
      status: "open",
      accountId,
      invitationId,
      email,
      role,
      invitedAt: time,
      expiresAt,
    }),
    InvitationSecretRecorded: (state, { secretHash }) =>
      state.status === "unknown" ? state : { ...state, secretHash },
    InvitationAccepted: (state, { personId }) =>
      state.status === "unknown" ? state : { ...state, status: "accepted", answeredBy: personId },
    InvitationDeclined: (state, { personId }) =>
      state.status === "unknown" ? state : { ...state, status: "declined", answeredBy: personId },
    InvitationRevoked: state => (state.status === "unknown" ? state : { ...state, status: "revoked" }),
    InvitationExpired: state => (state.status === "unknown" ? state : { ...state, status: "expired" }),
  },
}

const afterDays = (time: string, days: number) => new Date(Date.parse(time) + days * 86_400_000).toISOString()

/** `secret` arrives hashed; `email` is present only when the identity provider verified it. */
const isInvited = (
  state: Exclude<State, { status: "unknown" }>,
  email: string | undefined,
  secret: string | undefined,
) =>
  (secret !== undefined && secret === state.secretHash) ||
  (email !== undefined && state.email.value?.trim().toLowerCase() === email.trim().toLowerCase())
