import { signInAs } from "./api.ts"

export interface ReplayFlags {
  readonly to: string
  readonly aggregate?: string
  readonly type?: string
  readonly from?: string
  readonly until?: string
}

interface Replayed {
  readonly streams: number
  readonly events: number
  readonly cursor: string | null
}

const mutation = `mutation ($to: String!, $aggregate: String, $type: String, $from: AWSDateTime, $until: AWSDateTime, $cursor: String) {
  replay(to: $to, aggregate: $aggregate, type: $type, from: $from, until: $until, cursor: $cursor) { streams events cursor }
}`

/** Hands stored events to one consumer again and prints how many. */
export async function replay({ to, aggregate, type, from, until }: ReplayFlags): Promise<void> {
  const ask = await signInAs("support")
  let [streams, events] = [0, 0]
  let cursor: string | null = null
  do {
    const variables: Readonly<Record<string, unknown>> = { to, aggregate, type, from, until, cursor }
    const done: Replayed = (await ask<{ replay: Replayed }>(mutation, variables)).replay
    streams += done.streams
    events += done.events
    cursor = done.cursor
  } while (cursor !== null)
  console.log(`${events} events of ${streams} streams replayed to ${to}`)
}
