import { z } from "zod"
import { type Aggregate, anyOf, backend, member, messages, rejected, secret } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { attemptsMax } from "../indexes/index.ts"
import { ApiKeyId, Scope } from "./ids.ts"

const key = { accountId: AccountId, apiKeyId: ApiKeyId }
const Name = z.string().trim().min(1).max(100)

export const commands = messages({
  CreateApiKey: z
    .object({ ...key, name: Name, scope: Scope, secret: secret().optional() })
    .describe("Creates an API key; its secret is made by whoever asks, and may also be issued later."),
  IssueApiKeySecret: z
    .object({ ...key, secret: secret() })
    .describe("Gives a key without a secret one, once. Programs send `<apiKeyId>.<secret>`."),
  RevokeApiKey: z.object(key).describe("Ends a key at once and for ever."),
  NoteApiKeyUse: z.object(key).describe("Notes that the key was used."),
  ContinueKeyDelivery: z
    .object({ ...key, attempt: z.int() })
    .describe("Tells the cell again what became of the key, unless it was told too often."),
})

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  ApiKeyCreated: z.object({ ...key, name: z.string(), scope: Scope }).describe("A key exists; it opens nothing yet."),
  ApiKeyIssued: z
    .object({ ...key, scope: Scope, secretHash: z.string() })
    .describe("The key opens what its scope says."),
  ApiKeyUsed: z.object(key).describe("The key was used, for the first time in a while."),
  ApiKeyRevoked: z.object(key).describe("The key opens nothing any more."),
  KeyDeliveryDue: z
    .object({ ...key, attempt: z.int(), scope: Scope, secretHash: z.string(), revoked: z.boolean() })
    .describe("The cell is to be told what became of the key, once more."),
})
const { ApiKeyCreated, ApiKeyIssued, ApiKeyUsed, ApiKeyRevoked, KeyDeliveryDue } = events

interface Known {
  readonly accountId: AccountId
  readonly apiKeyId: ApiKeyId
  readonly name: string
  readonly scope: Scope
  readonly createdAt: string
}
interface Issued {
  readonly secretHash: string
  readonly delivery: number
  readonly usedAt?: string
}
export type State =
  | { readonly status: "unknown" }
  | (Known & { readonly status: "created" })
  | (Known & Issued & { readonly status: "issued" | "revoked" })
  | (Known & { readonly status: "withdrawn" })

const rejections = {
  ApiKeyUnknown: "There is no such API key.",
  ApiKeyRevoked: "The API key was revoked.",
  SecretAlreadyIssued: "The API key has a secret already; create another key for another one.",
} as const

/** People know a key by so many of its first characters. */
const shownCharacters = 8

/** A use within so many minutes of the last that was noted is not noted. */
export const useNotedEveryMinutes = 5

/** Is it time to note a use? */
export const isUseDue = (usedAt: string | undefined, time: string) =>
  usedAt === undefined || Date.parse(time) - Date.parse(usedAt) >= useNotedEveryMinutes * 60_000

/** A key has one secret, of which only the hash is known, and opens nothing once it was revoked. */
export const apiKey: Aggregate<typeof commands, typeof events, State, typeof rejections> = {
  name: "apiKey",
  description: "A key has one secret, of which only the hash is known, and opens nothing once it was revoked.",
  commands,
  events,
  rejections,
  key: "apiKeyId",
  initial: { status: "unknown" },
  businessKeys: [{ field: "apiKeyId", prefix: shownCharacters }],

  authorize: {
    CreateApiKey: anyOf(member("member"), backend()),
    IssueApiKeySecret: member("member"),
    RevokeApiKey: member("member"),
    NoteApiKeyUse: backend(),
    ContinueKeyDelivery: backend(),
  },

  decide: {
    CreateApiKey: (state, { accountId, apiKeyId, name, scope, secret: secretHash }) => {
      if (state.status === "revoked" || state.status === "withdrawn") return rejected("ApiKeyRevoked")
      if (state.status !== "unknown") return []
      const created = ApiKeyCreated({ accountId, apiKeyId, name, scope })
      return secretHash === undefined ? [created] : [created, ...issue({ accountId, apiKeyId, scope }, secretHash)]
    },

    IssueApiKeySecret: (state, { secret: secretHash }) => {
      if (state.status === "unknown") return rejected("ApiKeyUnknown")
      if (state.status === "revoked" || state.status === "withdrawn") return rejected("ApiKeyRevoked")
      if (state.status === "created") return issue(state, secretHash)
      return state.secretHash === secretHash ? [] : rejected("SecretAlreadyIssued")
    },

    RevokeApiKey: (state, { accountId, apiKeyId }) => {
      if (state.status === "unknown") return rejected("ApiKeyUnknown")
      if (state.status === "revoked" || state.status === "withdrawn") return []
      const revoked = ApiKeyRevoked({ accountId, apiKeyId })
      return state.status === "created" ? [revoked] : [revoked, delivery(state, state.secretHash, 1, true)]
    },

    NoteApiKeyUse: (state, { accountId, apiKeyId }, { time }) =>
      state.status === "issued" && isUseDue(state.usedAt, time) ? [ApiKeyUsed({ accountId, apiKeyId })] : [],

    ContinueKeyDelivery: (state, { attempt }) => {
      const isOpen = (state.status === "issued" || state.status === "revoked") && state.delivery === attempt
      if (!isOpen || attempt >= attemptsMax) return []
      return [delivery(state, state.secretHash, attempt + 1, state.status === "revoked")]
    },
  },

  evolve: {
    ApiKeyCreated: (_, { accountId, apiKeyId, name, scope }, { time }) => ({
      status: "created",
      accountId,
      apiKeyId,
      name,
      scope,
      createdAt: time,
    }),
    ApiKeyIssued: (state, { secretHash }) =>
      state.status === "created" ? { ...state, status: "issued", secretHash, delivery: 0 } : state,
    ApiKeyUsed: (state, _, { time }) => (state.status === "issued" ? { ...state, usedAt: time } : state),
    ApiKeyRevoked: state => {
      if (state.status === "created") return { ...state, status: "withdrawn" }
      return state.status === "issued" ? { ...state, status: "revoked" } : state
    },
    KeyDeliveryDue: (state, { attempt }) =>
      state.status === "issued" || state.status === "revoked" ? { ...state, delivery: attempt } : state,
  },
}

type Who = Pick<Known, "accountId" | "apiKeyId" | "scope">

const delivery = ({ accountId, apiKeyId, scope }: Who, secretHash: string, attempt: number, revoked: boolean) =>
  KeyDeliveryDue({ accountId, apiKeyId, scope, secretHash, attempt, revoked })

const issue = (who: Who, secretHash: string) => [
  ApiKeyIssued({ accountId: who.accountId, apiKeyId: who.apiKeyId, scope: who.scope, secretHash }),
  delivery(who, secretHash, 1, false),
]
