import { setTimeout as sleep } from "node:timers/promises"
import type { Name, Person } from "./people.ts"
import type { Ask } from "./story.ts"

/** What a client was told about one command it sent. */
export interface Sent {
  readonly ask: Ask
  readonly actor: string
  /** One per try: `accepted`, `lost` when no answer came, or the error's type. */
  readonly answers: string[]
}

const triesMax = 200
const betweenTriesMs = 150
const patienceMs = 45_000
/** Errors after which the command may or may not have been accepted. */
const unsure = ["NotAccepted", "ExecutionTimeout"]
const final = ["PROJECTED", "REJECTED", "FAILED", "PARKED"]

/**
 * Sends a command until it is accepted or refused: a lost answer is followed by the same command under the same id. `hostNow` gives
 * the host's time in milliseconds.
 */
export async function send(people: ReadonlyMap<Name, Person>, ask: Ask, hostNow = Date.now): Promise<Sent> {
  const asker = people.get(ask.by)
  if (asker === undefined) throw new Error(`${ask.by} has not signed in`)
  const sent: Sent = { ask, actor: asker.id, answers: [] }
  const input = inputOf(people, ask, hostNow())
  await sendOnce(asker, sent, input)
  if (ask.twist === "repeat") await sendOnce(asker, sent, input)
  if (ask.twist === "reuse") await sendOnce(asker, { ...sent, answers: [] }, { ...input, name: "Another input" })
  return sent
}

function inputOf(people: ReadonlyMap<Name, Person>, { input }: Ask, nowMs: number): Record<string, unknown> {
  const known = (value: unknown) => {
    if (typeof value !== "object" || value === null) return value
    if ("person" in value) return people.get(value.person as Name)?.id
    return "inMinutes" in value ? new Date(nowMs + Number(value.inMinutes) * 60_000).toISOString() : value
  }
  return Object.fromEntries(Object.entries(input).map(([field, value]) => [field, known(value)]))
}

async function sendOnce(asker: Person, { ask, answers }: Sent, input: Readonly<Record<string, unknown>>) {
  const type = `${ask.mutation.charAt(0).toUpperCase()}${ask.mutation.slice(1)}Input!`
  const query = `mutation ($input: ${type}) { ${ask.mutation}(input: $input) { status } }`
  for (let tried = 1; ; tried++) {
    const answer = await asker.graphql(query, { input: { ...input, commandId: ask.commandId } }).catch(() => undefined)
    const error = answer?.errors?.[0]
    const isAccepted = answer?.data?.[ask.mutation] != null
    answers.push(isAccepted ? "accepted" : error === undefined ? "lost" : (error.errorType ?? "invalid"))
    if (isAccepted || (error !== undefined && !unsure.includes(error.errorType ?? ""))) return
    if (tried === triesMax) throw new Error(`${ask.commandId} was not accepted in ${triesMax} tries: ${answers.at(-1)}`)
    await sleep(betweenTriesMs)
  }
}

/** Waits until the receipt says how a command ended; gives its status, or undefined when that took too long. */
export async function outcomeOf(
  people: ReadonlyMap<Name, Person>,
  { ask, answers }: Sent,
): Promise<string | undefined> {
  if (!answers.includes("accepted")) return undefined
  const startedAt = Date.now()
  while (Date.now() - startedAt < patienceMs) {
    const answer = await people
      .get(ask.by)
      ?.graphql("query ($commandId: ID!) { receipt(commandId: $commandId) { status } }", { commandId: ask.commandId })
      .catch(() => undefined)
    const status = (answer?.data?.receipt as { status: string } | null | undefined)?.status
    if (status !== undefined && final.includes(status)) return status
    await sleep(100)
  }
  return undefined
}
