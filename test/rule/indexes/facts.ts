/** The facts that the rules of indexes are told with. */
import { events as limitEvents } from "../../../src/contexts/indexes/indexLimits.ts"
import { events } from "../../../src/contexts/indexes/searchIndex.ts"
import { withDefaults } from "../../../src/contexts/indexes/settings.ts"
import { personNamed } from "../../scenario.ts"

export const accountId = "account-00000000000000001"
export const indexName = "books"
export const key = { accountId, indexName }
export const ada = personNamed("ada-000000000000000000000", { role: "member" })

export const settings = withDefaults({})
export const larger = { ...settings, numberOfShards: 2, numberOfInferences: 3 }
export const endpoint = "https://cell.example.org/books"

export const creating = events.IndexCreationStarted({ ...key, settings })
export const createDue = events.CellWorkDue({ ...key, work: 1, attempt: 1, kind: "create", settings })
export const provisioned = events.IndexProvisioned({ ...key, endpoint, marqoVersion: "2.13.0", settings })
export const ready = [creating, createDue, provisioned] as const
export const modifying = events.IndexModificationStarted({ ...key, settings: larger })
export const modifyDue = events.CellWorkDue({ ...key, work: 2, attempt: 1, kind: "modify", settings: larger })
export const modified = events.IndexModified({ ...key, endpoint, settings: larger })
export const modificationFailed = events.IndexModificationFailed({ ...key, reason: "The cell refused." })
export const deleting = events.IndexDeletionStarted(key)
export const deleteDue = events.CellWorkDue({ ...key, work: 2, attempt: 1, kind: "delete", settings })
export const deleted = events.IndexDeleted(key)
export const failed = events.IndexFailed({ ...key, reason: "The cell refused." })
export const limitsSet = limitEvents.IndexLimitsSet({ accountId, shardsMax: 10, replicasMax: 3, inferencesMax: 0 })
