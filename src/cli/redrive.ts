import { type Ask, signInAs } from "./api.ts"
import { CliError } from "./cliError.ts"
import { allParked } from "./parked.ts"

interface Rehearsal {
  readonly stream: string
  readonly folds: boolean
  readonly cause: string | null
  readonly commands: readonly {
    readonly type: string
    readonly commandId: string
    readonly status: string
    readonly events: readonly { version: number; type: string; data: string }[]
    readonly rejection: { code: string; message: string } | null
    readonly reason: string | null
  }[]
  readonly left: number
  readonly views: readonly { view: string; key: string; before: string | null; after: string | null }[]
}

interface Redrive {
  readonly status: string
  readonly released: number
  readonly left: number
  readonly cause: string | null
}

const rehearsal = `query ($stream: ID!) { rehearse(stream: $stream) { stream folds cause
  commands { type commandId status events { version type data } rejection { code message } reason }
  left views { view key before after }
} }`
const release = "mutation ($stream: ID!) { redrive(stream: $stream) { status released left cause } }"

/** A release that gets nothing done so often in a row is given up. */
const idleCallsMax = 3

/** Releases one stream, or every stream and delivery that was set aside for one cause; or shows what that would do. */
export async function redrive(which: string, flags: { rehearse?: boolean; json?: boolean }): Promise<void> {
  const items = await allParked()
  const streams = [
    ...new Set(items.filter(item => item.stream === which || item.cause === which).map(item => item.stream)),
  ]
  if (streams.length === 0)
    throw new CliError(`nothing is set aside by this stream or cause: ${which}; see \`foldline parked\``)
  const ask = await signInAs("support")
  for (const stream of streams)
    if (flags.rehearse) await printRehearsal(ask, stream, flags.json === true)
    else await releaseStream(ask, stream, flags.json === true)
}

async function releaseStream(ask: Ask, stream: string, json: boolean): Promise<void> {
  let released = 0
  let idle = 0
  for (;;) {
    const { redrive: driven } = await ask<{ redrive: Redrive }>(release, { stream })
    released += driven.released
    idle = driven.released === 0 ? idle + 1 : 0
    const isOver = driven.status !== "RELEASING" || idle === idleCallsMax
    if (!isOver) continue
    if (json) console.log(JSON.stringify({ stream, ...driven, released }))
    else console.log(`${stream}: ${driven.status}, ${released} released, ${driven.left} left${why(driven.cause)}`)
    if (driven.status !== "RELEASED") process.exitCode = 1
    return
  }
}

const why = (cause: string | null) => (cause === null ? "" : `: ${cause}`)

async function printRehearsal(ask: Ask, stream: string, json: boolean): Promise<void> {
  const { rehearse: shown } = await ask<{ rehearse: Rehearsal }>(rehearsal, { stream })
  if (json) return console.log(JSON.stringify(shown))
  console.log(`${stream}: ${shown.folds ? "can be folded" : `cannot be folded${why(shown.cause)}`}`)
  for (const { type, commandId, status, events, rejection, reason } of shown.commands) {
    console.log(`  ${type} ${commandId}: ${status}${why(rejection?.message ?? reason)}`)
    for (const event of events) console.log(`    ${event.version} ${event.type} ${event.data}`)
  }
  if (shown.left > 0) console.log(`  and ${shown.left} more commands wait, which this rehearsal did not look at`)
  for (const { view, key, before, after } of shown.views) {
    console.log(`  ${view} ${key}`)
    if (before !== null) console.log(`    - ${before}`)
    if (after !== null) console.log(`    + ${after}`)
  }
}
