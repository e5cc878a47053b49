import { signInAs } from "./api.ts"
import { CliError } from "./cliError.ts"
import { addFound, type Difference, differenceText, type Found, findings, foundText } from "./differences.ts"

interface Verification {
  readonly view: string
  readonly streams: number
  readonly rows: number
  readonly written: number
  readonly found: Found
  readonly samples: readonly Difference[]
  readonly cursor: string | null
}

const mutation = `mutation ($view: String!, $sample: Int, $heal: Boolean, $cursor: String) {
  verify(view: $view, sample: $sample, heal: $heal, cursor: $cursor) { view streams rows written ${findings} cursor }
}`
const shownMax = 20

/** Compares rows with a fresh fold of their events and prints what drifted; throws CliError when something did and was not healed. */
export async function verify(view: string, flags: { sample?: string; heal?: boolean; json?: boolean }): Promise<void> {
  const ask = await signInAs("support")
  const sample = flags.sample === undefined ? null : Number(flags.sample)
  let [streams, rows, written] = [0, 0, 0]
  let found: Record<string, number> = {}
  let samples: readonly Difference[] = []
  let cursor: string | null = null
  do {
    const variables: Readonly<Record<string, unknown>> = { view, sample, heal: flags.heal ?? false, cursor }
    const done: Verification = (await ask<{ verify: Verification }>(mutation, variables)).verify
    streams += done.streams
    rows += done.rows
    written += done.written
    found = addFound(found, done.found)
    samples = [...samples, ...done.samples].slice(0, shownMax)
    cursor = done.cursor
  } while (cursor !== null)
  if (flags.json) console.log(JSON.stringify({ view, streams, rows, written, found, samples }))
  else {
    for (const difference of samples) console.log(differenceText(difference))
    console.log(`${view}: ${streams} streams, ${rows} rows, ${foundText(found)}, ${written} written`)
  }
  if (!flags.heal && Object.keys(found).some(kind => kind !== "behind"))
    throw new CliError(`${view} has drifted; heal it with \`foldline verify ${view} --heal\``)
}
