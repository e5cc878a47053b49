import { describe, expect, test } from "vitest"
import { tenancy } from "../../../src/contexts/accounts/index.ts"
import { indexes, indexView } from "../../../src/contexts/indexes/indexes.ts"
import { indexSizeLimits } from "../../../src/contexts/indexes/limitsView.ts"
import { attemptsMax, commands, events, searchIndex } from "../../../src/contexts/indexes/searchIndex.ts"
import { withDefaults } from "../../../src/contexts/indexes/settings.ts"
import { allows, given, personNamed } from "../../scenario.ts"
import * as facts from "./facts.ts"

const {
  key,
  settings,
  larger,
  ready,
  creating,
  createDue,
  modifying,
  modifyDue,
  deleting,
  deleteDue,
  deleted,
  failed,
} = facts
const {
  CreateIndex,
  ModifyIndex,
  DeleteIndex,
  ContinueCellWork,
  GiveUpCellWork,
  RecordCellReady,
  RecordCellGone,
  RecordCellRefusal,
} = commands
const { endpoint } = facts
const readyNow = { ...key, endpoint, marqoVersion: "2.13.0" }

describe("an index", () => {
  test("is created with defaults, and the cell is asked for it", () =>
    given(searchIndex).when(CreateIndex(key)).thenEvents(creating, createDue))

  test.each([
    ["is being created", [creating, createDue], "IndexBeingCreated"],
    ["is ready", ready, "IndexAlreadyExists"],
    ["failed", [creating, createDue, failed], "IndexAlreadyExists"],
    ["is being deleted", [...ready, deleting, deleteDue], "IndexBusy"],
  ])("of a name that %s cannot be created again", (_, history, code) =>
    given(searchIndex, ...history)
      .when(CreateIndex(key))
      .thenRejected(code))

  test("of a name that was deleted is created anew, with work of a higher number", () =>
    given(searchIndex, ...ready, deleting, deleteDue, deleted)
      .when(CreateIndex(key))
      .thenEvents(creating, events.CellWorkDue({ ...key, work: 3, attempt: 1, kind: "create", settings })))

  test("is ready once the cell has it", () =>
    given(searchIndex, creating, createDue)
      .when(RecordCellReady({ ...readyNow, work: 1 }))
      .thenEvents(facts.provisioned))

  test("that the cell refuses has failed, and can be deleted", () => {
    given(searchIndex, creating, createDue)
      .when(RecordCellRefusal({ ...key, work: 1, reason: "The cell refused." }))
      .thenEvents(failed)
    given(searchIndex, creating, createDue, failed).when(DeleteIndex(key)).thenEvents(deleting, deleteDue)
  })

  test("grows, and stays as it was when the cell refuses", () => {
    given(searchIndex, ...ready)
      .when(ModifyIndex({ ...key, settings: { numberOfShards: 2, numberOfInferences: 3 } }))
      .thenEvents(modifying, modifyDue)
    given(searchIndex, ...ready, modifying, modifyDue)
      .when(RecordCellReady({ ...readyNow, work: 2 }))
      .thenEvents(facts.modified)
    given(searchIndex, ...ready, modifying, modifyDue)
      .when(RecordCellRefusal({ ...key, work: 2, reason: "The cell refused." }))
      .thenEvents(facts.modificationFailed)
  })

  test("is paused by 0 inferences", () =>
    given(searchIndex, ...ready)
      .when(ModifyIndex({ ...key, settings: { numberOfInferences: 0 } }))
      .thenEvents(
        events.IndexModificationStarted({ ...key, settings: { ...settings, numberOfInferences: 0 } }),
        events.CellWorkDue({
          ...key,
          work: 2,
          attempt: 1,
          kind: "modify",
          settings: { ...settings, numberOfInferences: 0 },
        }),
      ))

  test("that is already so needs no change, also when every setting is repeated", () => {
    given(searchIndex, ...ready)
      .when(ModifyIndex({ ...key, settings: {} }))
      .thenNothing()
    const { numberOfShards, numberOfReplicas, numberOfInferences, type } = settings
    const asked = { numberOfShards, numberOfReplicas, numberOfInferences, type, storageClass: "BASIC" as const }
    given(searchIndex, ...ready)
      .when(ModifyIndex({ ...key, settings: { ...asked, inferenceType: "marqo.CPU.small" } }))
      .thenNothing()
  })

  test("cannot shrink, nor change what is fixed", () => {
    const grown = [...ready, modifying, modifyDue, facts.modified]
    given(searchIndex, ...grown)
      .when(ModifyIndex({ ...key, settings: { numberOfShards: 1 } }))
      .thenRejected("CannotShrink")
    given(searchIndex, ...ready)
      .when(ModifyIndex({ ...key, settings: { storageClass: "marqo.performance" } }))
      .thenRejected("SettingFixed")
    given(searchIndex, ...ready)
      .when(ModifyIndex({ ...key, settings: { model: "another" } }))
      .thenRejected("SettingFixed")
  })

  test.each([
    ["unknown", [], "IndexUnknown"],
    ["deleted", [...ready, deleting, deleteDue, deleted], "IndexUnknown"],
    ["being created", [creating, createDue], "IndexBusy"],
    ["being changed", [...ready, modifying, modifyDue], "IndexBusy"],
    ["being deleted", [...ready, deleting, deleteDue], "IndexBusy"],
  ])("that is %s can be neither changed nor deleted", (_, history, code) => {
    given(searchIndex, ...history)
      .when(ModifyIndex({ ...key, settings: { numberOfInferences: 2 } }))
      .thenRejected(code)
    given(searchIndex, ...history)
      .when(DeleteIndex(key))
      .thenRejected(code)
  })

  test("that failed can be deleted, not changed", () =>
    given(searchIndex, creating, createDue, failed)
      .when(ModifyIndex({ ...key, settings: { numberOfInferences: 2 } }))
      .thenRejected("IndexNotReady"))

  test.each([
    [{ numberOfShards: 6 }, "ShardLimit"],
    [{ storageClass: "marqo.performance" as const, numberOfReplicas: 2 }, "ReplicaLimit"],
    [{ numberOfInferences: 6 }, "InferenceLimit"],
    [{ numberOfReplicas: 1 }, "BasicHasNoReplicas"],
  ])("with %o is refused as %s", (asked, code) =>
    given(searchIndex)
      .when(CreateIndex({ ...key, settings: asked }))
      .thenRejected(code))

  test("keeps to the limits of its account, when there are others", () => {
    given(searchIndex)
      .relying(facts.limitsSet)
      .when(CreateIndex({ ...key, settings: { numberOfShards: 10, numberOfInferences: 0 } }))
      .thenEvents(
        events.IndexCreationStarted({
          ...key,
          settings: withDefaults({ numberOfShards: 10, numberOfInferences: 0 }),
        }),
        events.CellWorkDue({
          ...key,
          work: 1,
          attempt: 1,
          kind: "create",
          settings: withDefaults({ numberOfShards: 10, numberOfInferences: 0 }),
        }),
      )
    given(searchIndex).relying(facts.limitsSet).when(CreateIndex(key)).thenRejected("InferenceLimit")
  })

  test("is changed by members and their keys, and by nobody else", () => {
    const may = (role?: string) =>
      allows(searchIndex, CreateIndex(key), personNamed("ada", role === undefined ? {} : { role }), tenancy)
    expect([may("owner"), may("member"), may("viewer"), may()]).toEqual([true, true, false, false])
    const client = { id: "client:1", kind: "client" as const, groups: [], role: "member" }
    expect(allows(searchIndex, DeleteIndex(key), client, tenancy)).toBe(true)
    expect(allows(searchIndex, RecordCellGone({ ...key, work: 1 }), client, tenancy)).toBe(false)
  })

  test("stands in the list until it is deleted, and can be read for ever", () => {
    const row = {
      ...key,
      status: "READY",
      marqoEndpoint: endpoint,
      marqoVersion: "2.13.0",
      settings,
      errorMsg: null,
      createdAt: "2026-11-01T10:00:00.000Z",
    }
    given(searchIndex, ...ready).thenRows(indexes, row)
    given(searchIndex, ...ready).thenRows(indexView, row)
    given(searchIndex, ...ready, deleting, deleteDue, deleted).thenRows(indexes)
    given(searchIndex, ...ready, deleting, deleteDue, deleted).thenRows(indexView, { ...row, status: "DELETED" })
    given(searchIndex, creating, createDue, failed).thenRows(indexes, {
      ...row,
      status: "FAILED",
      marqoEndpoint: "",
      marqoVersion: "",
      errorMsg: "The cell refused.",
    })
  })
})

describe("the cell's work", () => {
  test("goes on with the next attempt, and fails after the last", () => {
    given(searchIndex, creating, createDue)
      .when(ContinueCellWork({ ...key, work: 1, attempt: 1 }))
      .thenEvents(events.CellWorkDue({ ...key, work: 1, attempt: 2, kind: "create", settings }))
    given(
      searchIndex,
      creating,
      events.CellWorkDue({ ...key, work: 1, attempt: attemptsMax, kind: "create", settings }),
    )
      .when(ContinueCellWork({ ...key, work: 1, attempt: attemptsMax }))
      .thenEvents(events.IndexFailed({ ...key, reason: "The cell did not finish this in time." }))
  })

  test("that is not done when its time is over has failed", () => {
    given(searchIndex, creating, createDue)
      .when(GiveUpCellWork({ ...key, work: 1 }))
      .thenEvents(events.IndexFailed({ ...key, reason: "The cell did not finish this in time." }))
    given(searchIndex, ...ready)
      .when(GiveUpCellWork({ ...key, work: 1 }))
      .thenNothing()
  })

  test("of a change goes on with what is wanted", () =>
    given(searchIndex, ...ready, modifying, modifyDue)
      .when(ContinueCellWork({ ...key, work: 2, attempt: 1 }))
      .thenEvents(events.CellWorkDue({ ...key, work: 2, attempt: 2, kind: "modify", settings: larger })))

  test("that was overtaken changes nothing, however late its answer comes", () => {
    const history = [...ready, deleting, deleteDue]
    for (const late of [
      RecordCellReady({ ...readyNow, work: 1 }),
      RecordCellGone({ ...key, work: 1 }),
      RecordCellRefusal({ ...key, work: 1, reason: "no" }),
      ContinueCellWork({ ...key, work: 1, attempt: 1 }),
      ContinueCellWork({ ...key, work: 2, attempt: 7 }),
      RecordCellReady({ ...readyNow, work: 2 }),
    ])
      given(searchIndex, ...history)
        .when(late)
        .thenNothing()
    given(searchIndex, ...history)
      .when(RecordCellGone({ ...key, work: 2 }))
      .thenEvents(deleted)
  })
})

describe("how large an index may be", () => {
  const told = (rows: Parameters<typeof indexSizeLimits.compute>[1]) =>
    indexSizeLimits.compute({ accountId: key.accountId } as never, rows, "")

  test("is told as support has set it, else as for every account", () => {
    const set = { accountId: key.accountId, shardsMax: 9, replicasMax: 3, inferencesMax: 20 }
    expect(told({ set })).toEqual({ shardsMax: 9, replicasMax: 3, inferencesMax: 20 })
    expect(told({})).toEqual({ shardsMax: 5, replicasMax: 1, inferencesMax: 5 })
  })
})
