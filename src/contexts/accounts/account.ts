import { z } from "zod"
import {
  type Aggregate,
  about,
  anyOf,
  backend,
  member,
  messages,
  type Personal,
  person,
  personal,
  rejected,
  self,
  sensitive,
} from "../../core/index.ts"
import { AccountId, MemberRole, PersonId } from "./ids.ts"

const Name = z.string().trim().min(1).max(100)
const Slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$/, "must be 3 to 40 lower-case letters, digits or -")

export const commands = messages({
  OpenAccount: z
    .object({ accountId: AccountId, name: Name, slug: Slug, displayName: sensitive(Name).optional() })
    .describe("Opens an account; whoever asks becomes its owner."),
  RenameAccount: z
    .object({ accountId: AccountId, name: Name, slug: Slug.optional() })
    .describe("Gives an account another name and, when given, another slug."),
  CloseAccount: z.object({ accountId: AccountId }).describe("Closes an account for ever; its slug is free again."),
  AddOwner: z
    .object({ accountId: AccountId, personId: PersonId, displayName: sensitive(Name).optional() })
    .describe("Makes a person an owner."),
  DemoteOwner: z
    .object({ accountId: AccountId, personId: PersonId, role: MemberRole })
    .describe("Makes an owner an ordinary member with the given role."),
  RemoveOwner: z
    .object({ accountId: AccountId, personId: PersonId })
    .describe("Removes an owner from the account; an owner may leave this way."),
})

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  AccountOpened: z
    .object({
      accountId: AccountId,
      name: z.string(),
      slug: z.string(),
      ownerId: PersonId,
      ownerName: personal().optional(),
    })
    .describe("An account exists and has its first owner."),
  AccountRenamed: z
    .object({ accountId: AccountId, name: z.string(), slug: z.string() })
    .describe("The account goes by another name."),
  AccountClosed: z.object({ accountId: AccountId }).describe("The account is closed for ever."),
  OwnerAdded: z
    .object({ accountId: AccountId, personId: PersonId, ownerName: personal().optional() })
    .describe("A person has become an owner."),
  OwnerDemoted: z
    .object({ accountId: AccountId, personId: PersonId, role: MemberRole, ownerName: personal().optional() })
    .describe("An owner has become an ordinary member."),
  OwnerRemoved: z.object({ accountId: AccountId, personId: PersonId }).describe("An owner has left or was removed."),
})
const { AccountOpened, AccountRenamed, AccountClosed, OwnerAdded, OwnerDemoted, OwnerRemoved } = events

export interface Owner {
  readonly personId: PersonId
  readonly name?: Personal | undefined
  readonly since: string
}
export type State =
  | { readonly status: "unknown" }
  | {
      readonly status: "open" | "closed"
      readonly accountId: AccountId
      readonly name: string
      readonly slug: string
      readonly openedAt: string
      readonly owners: readonly Owner[]
    }

const rejections = {
  NotAuthorized: "You may not do this.",
  AccountUnknown: "There is no such account.",
  AccountClosed: "The account is closed.",
  SlugTaken: "Another account has this slug.",
  NotAnOwner: "This person is not an owner of the account.",
  LastOwner: "An account keeps at least one owner; make somebody else an owner first.",
} as const

const owns = (state: Extract<State, { owners: unknown }>, personId: string) =>
  state.owners.find(owner => owner.personId === personId)

const named = (personId: string, name: string | undefined) =>
  name === undefined ? {} : { ownerName: about(personId, name) }

/** An open account has at least one owner, and no two open accounts share a slug. */
export const account: Aggregate<typeof commands, typeof events, State, typeof rejections> = {
  name: "account",
  description: "An open account has at least one owner, and no two open accounts share a slug.",
  commands,
  events,
  rejections,
  key: "accountId",
  initial: { status: "unknown" },
  businessKeys: ["slug"],

  authorize: {
    OpenAccount: person(),
    RenameAccount: member("admin"),
    CloseAccount: member("owner"),
    AddOwner: backend(),
    DemoteOwner: member("owner"),
    RemoveOwner: anyOf(member("owner"), self("personId")),
  },

  unique: { slug: { holds: state => (state.status === "open" ? state.slug : undefined), taken: "SlugTaken" } },

  decide: {
    OpenAccount: (state, { accountId, name, slug, displayName }, { actor }) => {
      if (state.status === "unknown")
        return [AccountOpened({ accountId, name, slug, ownerId: actor.id, ...named(actor.id, displayName) })]
      return state.status === "open" && owns(state, actor.id) ? [] : rejected("NotAuthorized")
    },

    RenameAccount: (state, { accountId, name, slug }) => {
      if (state.status !== "open") return rejected(state.status === "closed" ? "AccountClosed" : "AccountUnknown")
      const renamed = { accountId, name, slug: slug ?? state.slug }
      return renamed.name === state.name && renamed.slug === state.slug ? [] : [AccountRenamed(renamed)]
    },

    CloseAccount: (state, { accountId }) => {
      if (state.status === "unknown") return rejected("AccountUnknown")
      return state.status === "closed" ? [] : [AccountClosed({ accountId })]
    },

    AddOwner: (state, { accountId, personId, displayName }) => {
      if (state.status !== "open") return rejected(state.status === "closed" ? "AccountClosed" : "AccountUnknown")
      return owns(state, personId) ? [] : [OwnerAdded({ accountId, personId, ...named(personId, displayName) })]
    },

    DemoteOwner: (state, { accountId, personId, role }) => {
      if (state.status !== "open") return rejected(state.status === "closed" ? "AccountClosed" : "AccountUnknown")
      const owner = owns(state, personId)
      if (owner === undefined) return rejected("NotAnOwner", "personId")
      if (state.owners.length === 1) return rejected("LastOwner", "personId")
      return [OwnerDemoted({ accountId, personId, role, ...(owner.name ? { ownerName: owner.name } : {}) })]
    },

    RemoveOwner: (state, { accountId, personId }) => {
      if (state.status !== "open") return rejected(state.status === "closed" ? "AccountClosed" : "AccountUnknown")
      if (!owns(state, personId)) return rejected("NotAnOwner", "personId")
      return state.owners.length === 1 ? rejected("LastOwner", "personId") : [OwnerRemoved({ accountId, personId })]
    },
  },

  evolve: {
    AccountOpened: (_, { accountId, name, slug, ownerId, ownerName }, { time }) => ({
      status: "open",
      accountId,
      name,
      slug,
      openedAt: time,
      owners: [{ personId: ownerId, name: ownerName, since: time }],
    }),
    AccountRenamed: (state, { name, slug }) => (state.status === "unknown" ? state : { ...state, name, slug }),
    AccountClosed: state => (state.status === "unknown" ? state : { ...state, status: "closed" }),
    OwnerAdded: (state, { personId, ownerName }, { time }) =>
      state.status === "unknown"
        ? state
        : { ...state, owners: [...state.owners, { personId, name: ownerName, since: time }] },
    OwnerDemoted: (state, { personId }) => without(state, personId),
    OwnerRemoved: (state, { personId }) => without(state, personId),
  },
}

const without = (state: State, personId: PersonId): State =>
  state.status === "unknown" ? state : { ...state, owners: state.owners.filter(owner => owner.personId !== personId) }
