import { againEveryMs, usePages } from "../api/pages.ts"
import { type FoundRequest, requestsFor } from "./queries.ts"

/** Something that somebody of support did. */
export interface Deed {
  readonly traceId: string
  readonly at: string
  readonly actor: string
  readonly what: string
  readonly stream: string
  readonly why: string
}

const words: Readonly<Record<string, string>> = {
  "foldline.PersonalValuesRevealed": "Looked at personal values",
  "foldline.ParkedWorkReleased": "Released parked work",
}

/** What support did, newest first: each is an event. */
export const useDeeds = () =>
  usePages<Deed>(
    ["deeds"],
    async nextToken => {
      const { items, nextToken: next } = await requestsFor("support", nextToken)
      return { items: items.flatMap(deedOf), nextToken: next ?? null }
    },
    againEveryMs,
  )

function deedOf({ traceId, steps }: FoundRequest): readonly Deed[] {
  const step = steps.find(({ kind, component }) => kind === "event" && words[component] !== undefined)
  if (step === undefined) return []
  const {
    stream = "",
    reason,
    cause,
  } = JSON.parse(step.data ?? "{}") as Partial<Record<"stream" | "reason" | "cause", string>>
  const what = words[step.component] ?? step.component
  return [{ traceId, at: step.at, actor: step.actor ?? "unknown", what, stream, why: reason ?? cause ?? "–" }]
}
