import { randomUUID } from "node:crypto"
import { reveal } from "../core/run/reveal.ts"
import { caretakerPorts } from "./caretakerPorts.ts"
import { parkedOperations } from "./parkedOperations.ts"
import { upkeep } from "./upkeep.ts"

/** Who asks, and with what. */
export interface SupportQuestion {
  readonly question: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** Id of the support person, as the resolver knows it. */
  readonly actor: string
}

type Operation = (asked: Readonly<Record<string, unknown>>, actor: string) => Promise<unknown>

/**
 * What the caretaker does when the support group asks, by the name of the field (`src/model/supportOperations.ts` gives each its
 * field and signature; the resolver has checked the group).
 */
const operations: Readonly<Record<string, Operation>> = {
  ...parkedOperations,
  ...upkeep,
  reveal: ({ aggregate, id, tenant, reason }, actor) =>
    reveal(
      caretakerPorts(),
      {
        aggregate: String(aggregate),
        id: String(id),
        tenant: tenant == null ? null : String(tenant),
        reason: String(reason),
      },
      actor,
      randomUUID(),
    ),
}

/** Answers what support asks. Throws when nothing is done by that name. */
export async function answerSupport({ question, arguments: asked, actor }: SupportQuestion): Promise<unknown> {
  const operation = operations[question]
  if (operation === undefined) throw new Error(`the caretaker does nothing called ${question}`)
  return operation(asked, actor)
}
