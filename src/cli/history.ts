import { type Ask, signInAs } from "./api.ts"
import { CliError } from "./cliError.ts"

interface Answer {
  readonly history: {
    readonly stream: string
    readonly version: number
    readonly state: string
    readonly events: readonly {
      version: number
      type: string
      data: string
      at: string
      actor: string
      traceId: string
    }[]
  } | null
}

const query = `query ($aggregate: String!, $id: ID!, $tenant: ID, $atVersion: Int, $atTime: AWSDateTime, $reveal: ID) {
  history(aggregate: $aggregate, id: $id, tenant: $tenant, atVersion: $atVersion, atTime: $atTime, reveal: $reveal) {
    stream version state events { version type data at actor traceId }
  }
}`

const revealing = `mutation ($aggregate: String!, $id: ID!, $tenant: ID, $reason: String!) {
  reveal(aggregate: $aggregate, id: $id, tenant: $tenant, reason: $reason) { reveal rejection { message } }
}`

/** Prints the events of an aggregate and its state after the last one shown; with a reason, personal values too. */
export async function history(
  aggregate: string,
  id: string | undefined,
  flags: { tenant?: string; at?: string; reveal?: string; json?: boolean },
): Promise<void> {
  const asked = which(aggregate, id, flags.tenant)
  const ask = await signInAs("support")
  const reveal = flags.reveal === undefined ? null : await leaveToSee(ask, asked, flags.reveal)
  const { history: found } = await ask<Answer>(query, { ...asked, ...asOf(flags.at), reveal })
  if (found === null)
    throw new CliError(`nothing has happened to ${asked.tenant ?? asked.id}/${asked.aggregate}/${asked.id}`)
  if (flags.json) return console.log(JSON.stringify(found))
  console.log(`${found.stream} at version ${found.version}`)
  for (const { version, type, data, at, actor, traceId } of found.events)
    console.log(`${String(version).padStart(6)}  ${at}  ${type}  ${data}  by ${actor}  trace ${traceId}`)
  console.log(`state ${JSON.stringify(JSON.parse(found.state), null, 2)}`)
}

/** Records who looks at personal values and why; gives the leave to do so. */
async function leaveToSee(ask: Ask, asked: ReturnType<typeof which>, reason: string): Promise<string> {
  const { reveal } = await ask<{ reveal: { reveal: string | null; rejection: { message: string } | null } }>(
    revealing,
    { ...asked, reason },
  )
  if (reveal.reveal === null) throw new CliError(reveal.rejection?.message ?? "the personal values were not revealed")
  return reveal.reveal
}

function which(aggregate: string, id: string | undefined, tenant: string | undefined) {
  if (id !== undefined) return { aggregate, id, tenant: tenant ?? null }
  const [scope, name, ...rest] = aggregate.split("/")
  if (name === undefined || rest.length === 0)
    throw new CliError(
      "say which one: `foldline history <aggregate> <id>` or `foldline history <tenant>/<aggregate>/<id>`",
    )
  return { aggregate: name, id: rest.join("/"), tenant: scope ?? null }
}

function asOf(at: string | undefined) {
  if (at === undefined) return {}
  if (/^\d+$/.test(at)) return { atVersion: Number(at) }
  if (Number.isNaN(Date.parse(at))) throw new CliError(`--at takes a version or an ISO time, not ${at}`)
  return { atTime: new Date(at).toISOString() }
}
