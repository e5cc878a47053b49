/** An aggregate whose only event has two older versions. */
import { z } from "zod"
import type { AnyAggregate } from "../../../src/core/aggregate.ts"
import { open } from "../../../src/core/authorize.ts"
import { messages } from "../../../src/core/message.ts"

export const shelfEvents = messages({ Shelved: z.object({ place: z.string() }), Lost: z.object({}) })
export const shelf: AnyAggregate = {
  name: "shelf",
  description: "",
  commands: messages({ Shelve: z.object({ shelfId: z.string() }) }),
  events: shelfEvents,
  rejections: {},
  key: "shelfId",
  initial: { places: [] },
  authorize: { Shelve: open() },
  decide: { Shelve: () => [] },
  evolve: {
    Shelved: (state: { places: string[] }, { place }) => ({ places: [...state.places, String(place)] }),
    Lost: (state: unknown) => state,
  },
  upcast: {
    Shelved: [({ room }) => ({ at: room }), ({ at }) => ({ place: `${at}!` })],
  },
  unique: { place: { holds: ({ places }: { places: string[] }) => places.at(-1), taken: "Taken" } },
}
