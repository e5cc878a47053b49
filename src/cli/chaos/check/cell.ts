import { z } from "zod"
import { type Facts, partsOf } from "./facts.ts"
import { type Finding, finding, textOf } from "./finding.ts"

const IndexState = z.object({ status: z.string(), settings: z.unknown().optional(), reason: z.string().optional() })
/** At rest no operation runs. */
const atRest = ["READY", "DELETED", "FAILED"]

/** No index is lost between controller and cell: what one of them has the other has too, and nothing stays half done. */
export function checkCell({ states, evidence }: Facts): Finding {
  const check = finding("no index lost")
  const atCell = new Map(evidence.cell.map(index => [`${index.account}/${index.name}`, index]))
  const known = new Set<string>()
  for (const [stream, { aggregate, state }] of states) {
    if (aggregate.name !== "searchIndex") continue
    const { status, settings, reason } = IndexState.parse(state)
    const { tenant, id } = partsOf(stream)
    const name = `${tenant}/${id}`
    known.add(name)
    const there = atCell.get(name)
    check.must(atRest.includes(status), `${stream} stands at ${status}`)
    if (status === "DELETED") check.must(there === undefined, `${stream} is deleted, and the cell still has it`)
    if (status !== "READY") continue
    check.must(there !== undefined && !there.deleting, `${stream} is ready, and the cell does not have it`)
    // A change that failed may have reached the cell.
    if (reason === undefined && there !== undefined)
      check.must(textOf(there.settings) === textOf(settings), `${stream} and the cell have other settings`)
  }
  for (const name of atCell.keys()) check.must(known.has(name), `the cell has ${name}, which nobody asked for`)
  return check.result
}
