import { z } from "zod"
import { type Aggregate, backend, member, messages, rejected, relied } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { IndexName } from "./ids.ts"
import { indexLimits } from "./indexLimits.ts"
import { AskedChanges, AskedSettings, changed, fixedSetting, IndexSettings, isSame, withDefaults } from "./settings.ts"

const key = { accountId: AccountId, indexName: IndexName }
/** Number of a piece of work of the cell within the stream; a later one has a higher number. */
const work = z.int().min(1)

export const commands = messages({
  CreateIndex: z
    .object({ ...key, settings: AskedSettings.optional() })
    .describe("Creates an index; settings that are left out get their defaults."),
  ModifyIndex: z
    .object({ ...key, settings: AskedChanges })
    .describe("Changes the inference of a ready index, or adds shards or replicas; 0 inferences pause it."),
  DeleteIndex: z.object(key).describe("Deletes an index with everything in it."),
  ContinueCellWork: z
    .object({ ...key, work, attempt: z.int() })
    .describe("Asks the cell again how far it is, or gives up after too many attempts."),
  GiveUpCellWork: z.object({ ...key, work }).describe("Ends work that is still not done when its time is over."),
  RecordCellReady: z
    .object({ ...key, work, endpoint: z.string(), marqoVersion: z.string() })
    .describe("Remembers that the cell has the index as it was asked for."),
  RecordCellGone: z.object({ ...key, work }).describe("Remembers that the cell has the index no more."),
  RecordCellRefusal: z.object({ ...key, work, reason: z.string() }).describe("Remembers why the cell refused."),
})

const Kind = z.enum(["create", "modify", "delete"]).meta({ id: "CellWorkKind" })

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  IndexCreationStarted: z.object({ ...key, settings: IndexSettings }).describe("An index is being created."),
  IndexModificationStarted: z.object({ ...key, settings: IndexSettings }).describe("An index is being changed."),
  IndexDeletionStarted: z.object(key).describe("An index is being deleted."),
  CellWorkDue: z
    .object({ ...key, work, attempt: z.int(), kind: Kind, settings: IndexSettings })
    .describe("The cell is to be asked for this, once more."),
  IndexProvisioned: z
    .object({ ...key, endpoint: z.string(), marqoVersion: z.string(), settings: IndexSettings })
    .describe("A new index is ready."),
  IndexModified: z.object({ ...key, endpoint: z.string(), settings: IndexSettings }).describe("The changes are made."),
  IndexModificationFailed: z.object({ ...key, reason: z.string() }).describe("The index stays as it was."),
  IndexFailed: z.object({ ...key, reason: z.string() }).describe("The index could not be created or deleted."),
  IndexDeleted: z.object(key).describe("The index is gone."),
})
const {
  IndexCreationStarted,
  IndexModificationStarted,
  IndexDeletionStarted,
  CellWorkDue,
  IndexProvisioned,
  IndexModified,
  IndexModificationFailed,
  IndexFailed,
  IndexDeleted,
} = events

interface Known {
  readonly accountId: AccountId
  readonly indexName: IndexName
  readonly settings: IndexSettings
  readonly createdAt: string
  /** Number of the last piece of work that the cell was asked for. */
  readonly work: number
  readonly attempt: number
  readonly endpoint: string
  readonly marqoVersion: string
  readonly reason?: string | undefined
}
export type State =
  | { readonly status: "unknown" }
  | (Known & { readonly status: "READY" | "DELETED" | "FAILED" })
  | (Known & { readonly status: "CREATING" | "DELETING" })
  | (Known & { readonly status: "MODIFYING"; readonly wanted: IndexSettings })

const rejections = {
  IndexUnknown: "There is no such index.",
  IndexAlreadyExists: "An index of this name already exists.",
  IndexBeingCreated: "An index of this name already exists; it is still being created.",
  IndexBusy: "Another operation on this index is still running.",
  IndexNotReady: "The index is not ready; only a ready index can be changed.",
  SettingFixed: "This setting of an index cannot change.",
  CannotShrink: "Shards and replicas can only be added.",
  BasicHasNoReplicas: "The storage class marqo.basic cannot have replicas.",
  ShardLimit: "This is more shards than the account's limit for an index.",
  ReplicaLimit: "This is more replicas than the account's limit for an index.",
  InferenceLimit: "This is more inferences than the account's limit for an index.",
} as const

const limits = relied(indexLimits, tenant => tenant)

/** So often a cell is asked before a piece of work counts as failed; fewer than a chain of automations may be long. */
export const attemptsMax = 12

const late = "The cell did not finish this in time."

/** An index is worked on by one operation at a time, and its name is its own in the account until it is deleted. */
export const searchIndex: Aggregate<typeof commands, typeof events, State, typeof rejections> = {
  name: "searchIndex",
  description:
    "An index is worked on by one operation at a time, and its name is its own in the account until it is deleted.",
  commands,
  events,
  rejections,
  key: "indexName",
  initial: { status: "unknown" },
  relies: [limits],

  authorize: {
    CreateIndex: member("member"),
    ModifyIndex: member("member"),
    DeleteIndex: member("member"),
    ContinueCellWork: backend(),
    GiveUpCellWork: backend(),
    RecordCellReady: backend(),
    RecordCellGone: backend(),
    RecordCellRefusal: backend(),
  },

  decide: {
    CreateIndex: (state, { accountId, indexName, settings: asked }, info) => {
      if (state.status === "CREATING") return rejected("IndexBeingCreated", "indexName")
      if (state.status === "DELETING") return rejected("IndexBusy", "indexName")
      if (state.status !== "unknown" && state.status !== "DELETED") return rejected("IndexAlreadyExists", "indexName")
      const settings = withDefaults(asked ?? {})
      const over = overLimit(settings, limits.state(info))
      if (over !== undefined) return over
      const started = IndexCreationStarted({ accountId, indexName, settings })
      return [started, firstWork(state, accountId, indexName, "create", settings)]
    },

    ModifyIndex: (state, { accountId, indexName, settings: asked }, info) => {
      if (state.status === "unknown" || state.status === "DELETED") return rejected("IndexUnknown", "indexName")
      if (state.status === "FAILED") return rejected("IndexNotReady", "indexName")
      if (state.status !== "READY") return rejected("IndexBusy", "indexName")
      const fixed = fixedSetting(state.settings, asked)
      if (fixed !== undefined) return rejected("SettingFixed", `settings.${fixed}`)
      const settings = changed(state.settings, asked)
      if (settings.numberOfShards < state.settings.numberOfShards)
        return rejected("CannotShrink", "settings.numberOfShards")
      if (settings.numberOfReplicas < state.settings.numberOfReplicas)
        return rejected("CannotShrink", "settings.numberOfReplicas")
      const over = overLimit(settings, limits.state(info))
      if (over !== undefined) return over
      if (isSame(settings, state.settings)) return []
      const started = IndexModificationStarted({ accountId, indexName, settings })
      return [started, firstWork(state, accountId, indexName, "modify", settings)]
    },

    DeleteIndex: (state, { accountId, indexName }) => {
      if (state.status === "unknown" || state.status === "DELETED") return rejected("IndexUnknown", "indexName")
      if (state.status !== "READY" && state.status !== "FAILED") return rejected("IndexBusy", "indexName")
      const started = IndexDeletionStarted({ accountId, indexName })
      return [started, firstWork(state, accountId, indexName, "delete", state.settings)]
    },

    ContinueCellWork: (state, { accountId, indexName, work: asked, attempt }) => {
      if (!isWorking(state, asked) || state.attempt !== attempt) return []
      if (attempt >= attemptsMax) return failed(state, late)
      return [CellWorkDue({ ...workOf(state), accountId, indexName, attempt: attempt + 1 })]
    },

    GiveUpCellWork: (state, { work: asked }) => (isWorking(state, asked) ? failed(state, late) : []),

    RecordCellReady: (state, { accountId, indexName, work: asked, endpoint, marqoVersion }) => {
      if (!isWorking(state, asked)) return []
      if (state.status === "CREATING")
        return [IndexProvisioned({ accountId, indexName, endpoint, marqoVersion, settings: state.settings })]
      return state.status === "MODIFYING"
        ? [IndexModified({ accountId, indexName, endpoint, settings: state.wanted })]
        : []
    },

    RecordCellGone: (state, { accountId, indexName, work: asked }) =>
      isWorking(state, asked) && state.status === "DELETING" ? [IndexDeleted({ accountId, indexName })] : [],

    RecordCellRefusal: (state, { work: asked, reason }) => (isWorking(state, asked) ? failed(state, reason) : []),
  },

  evolve: {
    IndexCreationStarted: (state, { accountId, indexName, settings }, { time }) => ({
      status: "CREATING",
      accountId,
      indexName,
      settings,
      createdAt: time,
      work: lastWork(state),
      attempt: 0,
      endpoint: "",
      marqoVersion: "",
    }),
    IndexModificationStarted: (state, { settings }) =>
      state.status === "unknown" ? state : { ...known(state), status: "MODIFYING", wanted: settings },
    IndexDeletionStarted: state => (state.status === "unknown" ? state : { ...known(state), status: "DELETING" }),
    CellWorkDue: (state, { work: number, attempt }) =>
      state.status === "unknown" ? state : { ...state, work: number, attempt },
    IndexProvisioned: (state, { endpoint, marqoVersion }) =>
      state.status === "unknown" ? state : { ...known(state), status: "READY", endpoint, marqoVersion },
    IndexModified: (state, { settings, endpoint }) =>
      state.status === "unknown" ? state : { ...known(state), status: "READY", settings, endpoint },
    IndexModificationFailed: (state, { reason }) =>
      state.status === "unknown" ? state : { ...known(state), status: "READY", reason },
    IndexFailed: (state, { reason }) =>
      state.status === "unknown" ? state : { ...known(state), status: "FAILED", reason },
    IndexDeleted: state => (state.status === "unknown" ? state : { ...known(state), status: "DELETED" }),
  },
}

/** What stays when the status changes. */
const known = ({
  accountId,
  indexName,
  settings,
  createdAt,
  work: number,
  attempt,
  endpoint,
  marqoVersion,
}: Known): Known => ({
  accountId,
  indexName,
  settings,
  createdAt,
  work: number,
  attempt,
  endpoint,
  marqoVersion,
})

type Working = Extract<State, { status: "CREATING" | "MODIFYING" | "DELETING" }>

/** Is this the piece of work that the cell is at? What comes late from an earlier one changes nothing. */
const isWorking = (state: State, asked: number): state is Working =>
  (state.status === "CREATING" || state.status === "MODIFYING" || state.status === "DELETING") && state.work === asked

const kinds = { CREATING: "create", MODIFYING: "modify", DELETING: "delete" } as const

const workOf = (state: Working) => ({
  work: state.work,
  kind: kinds[state.status],
  settings: state.status === "MODIFYING" ? state.wanted : state.settings,
})

const lastWork = (state: State) => (state.status === "unknown" ? 0 : state.work)

const firstWork = (
  state: State,
  accountId: string,
  indexName: string,
  kind: "create" | "modify" | "delete",
  settings: IndexSettings,
) => CellWorkDue({ accountId, indexName, work: lastWork(state) + 1, attempt: 1, kind, settings })

/** A change that failed leaves the index as it was; anything else leaves it failed, to be deleted. */
const failed = ({ status, accountId, indexName }: Working, reason: string) =>
  status === "MODIFYING"
    ? [IndexModificationFailed({ accountId, indexName, reason })]
    : [IndexFailed({ accountId, indexName, reason })]

function overLimit(
  settings: IndexSettings,
  { shardsMax, replicasMax, inferencesMax }: ReturnType<typeof limits.state>,
) {
  if (settings.storageClass === "marqo.basic" && settings.numberOfReplicas > 0)
    return rejected("BasicHasNoReplicas", "settings.numberOfReplicas")
  if (settings.numberOfShards > shardsMax) return rejected("ShardLimit", "settings.numberOfShards")
  if (settings.numberOfReplicas > replicasMax) return rejected("ReplicaLimit", "settings.numberOfReplicas")
  return settings.numberOfInferences > inferencesMax
    ? rejected("InferenceLimit", "settings.numberOfInferences")
    : undefined
}
