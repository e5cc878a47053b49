import { type CommandRoute, type Rest, type RestRequest, rowsRoute } from "../../core/index.ts"
import { type IndexRow, indexes, indexView } from "./indexes.ts"
import { commands } from "./searchIndex.ts"
import { withoutMediaDefaults } from "./settings.ts"

const place = "/api/v2/indexes"
const nameIn = ({ path }: RestRequest) => ({ indexName: path.indexName ?? "" })

/** What is not said is not asked for: clients send empty words and nulls for it. */
const settingsIn = ({ body }: RestRequest): unknown =>
  typeof body === "object" && body !== null && !Array.isArray(body)
    ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && value !== null))
    : (body ?? {})

const unknownIndex = ({ path }: RestRequest) => ({
  status: 404,
  code: "index_not_found",
  type: "invalid_request",
  message: `Index ${path.indexName} not found.`,
})

/** An index as both clients read it; numbers that only the cell knows are asked of the cell. */
function listed({ indexName, status, marqoEndpoint, marqoVersion, settings, errorMsg, createdAt }: IndexRow) {
  return {
    Created: createdAt,
    indexName,
    indexStatus: status,
    ...(errorMsg === null ? {} : { errorMsg }),
    marqoEndpoint,
    marqoVersion,
    // The Terraform provider takes what is said of video and audio for its user's wish, and fails when it was not.
    ...withoutMediaDefaults(settings),
  }
}

const oneIndex = (what: string, path: string, body: (row: IndexRow) => unknown) =>
  rowsRoute({
    method: "GET",
    path: `${place}/{indexName}/${path}`,
    description: what,
    view: indexView,
    key: nameIn,
    answer: ([row], request) => (row === undefined ? unknownIndex(request) : { status: 200, body: body(row) }),
  })

const create: CommandRoute = {
  method: "POST",
  path: `${place}/{indexName}`,
  description: "Creates an index.",
  command: commands.CreateIndex,
  data: request => ({ ...nameIn(request), settings: settingsIn(request) }),
  answer: ({ path }) => ({ acknowledged: true, shards_acknowledged: true, index: path.indexName }),
}

const modify: CommandRoute = {
  method: "PUT",
  path: `${place}/{indexName}`,
  description: "Changes an index.",
  command: commands.ModifyIndex,
  data: request => ({ ...nameIn(request), settings: settingsIn(request) }),
  answer: () => ({ acknowledged: true }),
}

const remove: CommandRoute = {
  method: "DELETE",
  path: `${place}/{indexName}`,
  description: "Deletes an index.",
  command: commands.DeleteIndex,
  data: nameIn,
  answer: () => ({ acknowledged: true }),
}

const refusal = (status: number, code: string, type = "invalid_request") => ({ status, code, type })
const conflict = (code: string) => refusal(409, code, "OperationConflictError")

/** The public API for indexes, as clients that exist speak it. */
export const rest: Rest = {
  routes: [
    rowsRoute({
      method: "GET",
      path: place,
      description: "Lists the indexes of the account.",
      view: indexes,
      key: () => ({}),
      answer: rows => ({ status: 200, body: { results: rows.map(listed) } }),
    }),
    oneIndex("Tells the status of an index, also when it was deleted.", "status", ({ status }) => ({
      indexStatus: status,
    })),
    oneIndex("Tells the settings of an index.", "settings", ({ settings }) => settings),
    oneIndex("Tells where the numbers of an index are: at its endpoint.", "stats", ({ status, marqoEndpoint }) => ({
      indexStatus: status,
      marqoEndpoint,
    })),
    create,
    modify,
    remove,
  ],
  refusals: {
    "Invalid:indexName": refusal(400, "invalid_index_name"),
    IndexUnknown: refusal(404, "index_not_found"),
    IndexAlreadyExists: refusal(409, "index_already_exists"),
    IndexBeingCreated: conflict("index_already_exists"),
    IndexBusy: conflict("operation_conflict"),
    IndexNotReady: conflict("index_not_ready"),
    SettingFixed: refusal(400, "setting_fixed"),
    CannotShrink: refusal(400, "cannot_shrink"),
    BasicHasNoReplicas: refusal(400, "invalid_argument"),
    ShardLimit: refusal(400, "limit_exceeded"),
    ReplicaLimit: refusal(400, "limit_exceeded"),
    InferenceLimit: refusal(400, "limit_exceeded"),
  },
}
