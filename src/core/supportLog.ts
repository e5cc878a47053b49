import { z } from "zod"
import type { Aggregate } from "./aggregate.ts"
import { group, supportGroup } from "./authorize.ts"
import { messages } from "./message.ts"
import { parseStream } from "./stream.ts"

const about = { log: z.string(), stream: z.string().describe("The aggregate that it was done about.") }

export const commands = messages({
  RevealPersonalValues: z
    .object({ ...about, reason: z.string().trim().min(8, "say why, in a few words").max(500) })
    .describe("Shows the personal values of an aggregate to the person of support who gives a reason."),
  ReleaseParkedWork: z
    .object({ ...about, cause: z.string(), since: z.iso.datetime() })
    .describe("Lets work that was set aside go on."),
})

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  PersonalValuesRevealed: z
    .object({ ...about, reason: z.string() })
    .describe("Somebody of support has seen the personal values of an aggregate, and why."),
  ParkedWorkReleased: z
    .object({ ...about, cause: z.string(), since: z.iso.datetime() })
    .describe("Somebody of support let work go on that was set aside since then, and for what cause."),
})
const { PersonalValuesRevealed, ParkedWorkReleased } = events

/** When support last did something. */
interface State {
  readonly revealedAt?: string
  readonly releasedAt?: string
}

/** What support did about one aggregate is a fact with a name on it, never a mere line in a log. */
export const supportLog: Aggregate<typeof commands, typeof events, State> = {
  name: "supportLog",
  description: "What support does about one aggregate is a fact, recorded before it is done.",
  commands,
  events,
  rejections: {},
  key: "log",
  initial: {},

  authorize: { RevealPersonalValues: group(supportGroup), ReleaseParkedWork: group(supportGroup) },

  decide: {
    RevealPersonalValues: (_, asked) => [PersonalValuesRevealed(asked)],
    ReleaseParkedWork: (_, asked) => [ParkedWorkReleased(asked)],
  },

  evolve: {
    PersonalValuesRevealed: (state, _, { time }) => ({ ...state, revealedAt: time }),
    ParkedWorkReleased: (state, _, { time }) => ({ ...state, releasedAt: time }),
  },
}

/** The log of an aggregate, within the aggregate's tenant; a message that names no aggregate is its tenant's. */
export function logOf(stream: string): string {
  const { tenant, aggregate, id } = parseStream(stream)
  return aggregate === "" ? tenant : `${aggregate}.${id}`
}
