import { ask, automation, type OutsideAnswer, schedule, send } from "../../core/index.ts"
import { cell, isOvertaken, isRefusal, nextAttemptAt, textIn, workEndsAt } from "./cell.ts"
import { commands, events } from "./searchIndex.ts"

export const workCellOnCellWorkDue = automation({
  name: "workCellOnCellWorkDue",
  description: "When the cell has work to do, ask it, and ask again later until it has done it.",
  on: events.CellWorkDue,
  sends: [
    commands.GiveUpCellWork,
    commands.RecordCellReady,
    commands.RecordCellGone,
    commands.RecordCellRefusal,
    commands.ContinueCellWork,
  ],
  asks: [cell],
  timers: ["set"],
  react: ({ accountId, indexName, work, attempt, kind, settings }, { time }) => {
    const key = { accountId, indexName, work }
    const path = `/accounts/${accountId}/indexes/${indexName}`
    const later = schedule(
      `cell-${work}-${attempt}`,
      nextAttemptAt(time, attempt),
      commands.ContinueCellWork({ ...key, attempt }),
    )
    const refused = (answer: OutsideAnswer) =>
      send(commands.RecordCellRefusal({ ...key, reason: textIn(answer, "message") ?? "The cell refused." }))

    // Whatever gets lost on the way, the work does not go on for ever.
    const end = attempt > 1 ? [] : [schedule(`end-${work}`, workEndsAt(time), commands.GiveUpCellWork(key))]

    if (kind === "delete")
      return [
        ...end,
        ask(cell, { method: "DELETE", path: `${path}?work=${work}` }, answer => {
          if (isOvertaken(answer)) return []
          if (answer.status === 200 || answer.status === 404) return [send(commands.RecordCellGone(key))]
          return [isRefusal(answer) ? refused(answer) : later]
        }),
      ]
    return [
      ...end,
      ask(cell, { method: "PUT", path, body: { work, settings } }, answer => {
        if (isOvertaken(answer)) return []
        const endpoint = textIn(answer, "endpoint")
        if (answer.status === 200 && endpoint !== undefined)
          return [
            send(
              commands.RecordCellReady({ ...key, endpoint, marqoVersion: textIn(answer, "marqoVersion") ?? "unknown" }),
            ),
          ]
        return [isRefusal(answer) ? refused(answer) : later]
      }),
    ]
  },
})
