import { type ParkedQuestion, parkedWork, redriveAll } from "../core/run/parkedWork.ts"
import { rehearse } from "../core/run/rehearse.ts"
import { caretakerPorts } from "./caretakerPorts.ts"

/** AppSync waits 30 s for an answer; what is left then is asked for again. */
const redriveMs = 20_000

/** What support may do with work that is set aside. */
export const parkedOperations = {
  parked: (asked: ParkedQuestion) => parkedWork(caretakerPorts(), asked),
  rehearse: ({ stream }: { readonly stream?: unknown }) => rehearse(caretakerPorts(), String(stream)),
  redrive: ({ stream }: { readonly stream?: unknown }, actor: string) =>
    redriveAll(caretakerPorts(), String(stream), actor, new Date(Date.now() + redriveMs).toISOString()),
}
