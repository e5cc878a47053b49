import { describe, expect, test } from "vitest"
import { attemptsMax, commands } from "../../../src/contexts/indexes/searchIndex.ts"
import { workCellOnCellWorkDue } from "../../../src/contexts/indexes/workCellOnCellWorkDue.ts"
import type { Asking, Reaction } from "../../../src/core/automation.ts"
import { schedule, send } from "../../../src/core/index.ts"
import { hopsMax, type Message } from "../../../src/core/message.ts"
import { commandInfo, derive } from "../../scenario.ts"
import * as facts from "./facts.ts"

const { key, settings, endpoint } = facts

/** What the automation asks the cell, and what it makes of an answer. */
function asked(fact: Message): Asking & { readonly timers: readonly Reaction[] } {
  const info = { ...commandInfo(), actor: "someone", id: "event", stream: "stream", version: 1, rows: {}, derive }
  const reactions: readonly Reaction[] = workCellOnCellWorkDue.react(fact.data as never, info)
  const [asking] = reactions.flatMap(reaction => ("ask" in reaction ? [reaction.ask] : []))
  if (asking === undefined) throw new Error("the cell was not asked")
  return { ...asking, timers: reactions.filter(reaction => "timer" in reaction) }
}
const answered = (fact: Message, status: number, body: Record<string, unknown> = {}) =>
  asked(fact).then({ status, body })
const later = (work: number) =>
  schedule(`cell-${work}-1`, "2026-11-01T10:00:01.000Z", commands.ContinueCellWork({ ...key, work, attempt: 1 }))

describe("the cell", () => {
  test("is asked for an index with its settings, under the number of the work", () =>
    expect(asked(facts.createDue).question).toEqual({
      method: "PUT",
      path: `/accounts/${facts.accountId}/indexes/books`,
      body: { work: 1, settings },
    }))

  test("that has the index makes it ready", () =>
    expect(answered(facts.createDue, 200, { endpoint, marqoVersion: "2.13.0" })).toEqual([
      send(commands.RecordCellReady({ ...key, work: 1, endpoint, marqoVersion: "2.13.0" })),
    ]))

  test("is asked to delete an index, under the number of the work", () => {
    expect(asked(facts.deleteDue).question).toEqual({
      method: "DELETE",
      path: `/accounts/${facts.accountId}/indexes/books?work=2`,
    })
    expect(answered(facts.deleteDue, 409)).toEqual([])
  })

  test("that does not say where the index is, or says it with a failure, is asked again", () => {
    expect(answered(facts.createDue, 200)).toEqual([later(1)])
    expect(answered(facts.createDue, 200, { endpoint: 7 })).toEqual([later(1)])
    expect(answered(facts.createDue, 503, { endpoint })).toEqual([later(1)])
  })

  test("has its time from the first asking on", () => {
    const again = { ...facts.createDue, data: { ...facts.createDue.data, attempt: 2 } }
    expect(asked(again).timers).toEqual([])
  })

  test.each([400, 404, 499])("that says %i refuses for good", status =>
    expect(answered(facts.createDue, status)).toEqual([
      send(commands.RecordCellRefusal({ ...key, work: 1, reason: "The cell refused." })),
    ]))

  test.each([202, 0, 500, 503, 429, 408])("that says %i is asked again later", status => {
    expect(answered(facts.createDue, status)).toEqual([later(1)])
    expect(answered(facts.deleteDue, status)).toEqual([later(2)])
  })

  test("that refuses ends the work with its reason", () =>
    expect(answered(facts.createDue, 422, { message: "Too large." })).toEqual([
      send(commands.RecordCellRefusal({ ...key, work: 1, reason: "Too large." })),
    ]))

  test("that knows of newer work is left alone", () => expect(answered(facts.createDue, 409)).toEqual([]))

  test.each([200, 404])("that answers %i to a deletion has it no more", status =>
    expect(answered(facts.deleteDue, status)).toEqual([send(commands.RecordCellGone({ ...key, work: 2 }))]))

  test("has an hour for a piece of work, whatever gets lost on the way", () => {
    const end = (work: number) =>
      schedule(`end-${work}`, "2026-11-01T11:00:00.000Z", commands.GiveUpCellWork({ ...key, work }))
    expect(asked(facts.createDue).timers).toEqual([end(1)])
    expect(asked(facts.deleteDue).timers).toEqual([end(2)])
  })

  test("is not asked more often than a chain of automations may be long", () =>
    expect(attemptsMax).toBeLessThan(hopsMax - 2))
})
