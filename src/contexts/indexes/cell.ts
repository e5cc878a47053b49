import { type OutsideAnswer, outsideService } from "../../core/index.ts"
import { attemptsMax } from "./searchIndex.ts"

/** The data plane: it runs the indexes, and goes on answering searches when nothing else runs. */
export const cell = outsideService({
  name: "cell",
  description: "Runs the indexes.",
  promise: "idempotentProvider",
})

/** Did the cell refuse for good? What it cannot do now, and no answer at all, is asked again. */
export const isRefusal = ({ status }: OutsideAnswer) =>
  status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 429

/** A newer piece of work has overtaken this one. */
export const isOvertaken = ({ status }: OutsideAnswer) => status === 409

export const textIn = ({ body }: OutsideAnswer, name: string): string | undefined => {
  const value = body[name]
  return typeof value === "string" ? value : undefined
}

const waits = [1, 2, 2, 3, 5, 10, 20, 40, 80, 160, 320, 640]

/** When to ask again after this attempt: soon at first, then less and less often. */
export const nextAttemptAt = (time: string, attempt: number): string =>
  new Date(Date.parse(time) + (waits[Math.min(attempt, attemptsMax) - 1] ?? 640) * 1_000).toISOString()

/** When work counts as failed whatever became of the attempts: longer than all of them take. */
export const workEndsAt = (time: string): string => new Date(Date.parse(time) + 3_600_000).toISOString()
