import { signInAs } from "./api.ts"

interface Reconciliation {
  readonly shreddedAgain: number
  readonly forgotten: number
  readonly sources: number
  readonly ahead: number
  readonly written: number
  readonly lost: readonly { stream: string; version: number; commandId: string; traceId: string }[]
  readonly next: string | null
}

const mutation = `mutation ($next: String) { reconcile(next: $next) {
  shreddedAgain forgotten sources ahead written lost { stream version commandId traceId } next
} }`

/** After a restore, brings the other stores back to the event store and prints what that took. */
export async function reconcile(flags: { json?: boolean }): Promise<void> {
  const ask = await signInAs("support")
  const sums = { shreddedAgain: 0, forgotten: 0, sources: 0, ahead: 0, written: 0 }
  const lost: Reconciliation["lost"][number][] = []
  let next: string | null = null
  do {
    const done: Reconciliation = (await ask<{ reconcile: Reconciliation }>(mutation, { next })).reconcile
    for (const count of Object.keys(sums) as (keyof typeof sums)[]) sums[count] += done[count]
    lost.push(...done.lost)
    next = done.next
  } while (next !== null)
  if (flags.json) return console.log(JSON.stringify({ ...sums, lost }))
  console.log(`forgotten again   ${sums.forgotten} subjects, ${sums.shreddedAgain} data keys destroyed anew
views             ${sums.sources} source records, ${sums.ahead} ahead of the event store, ${sums.written} rows written
commands          ${lost.length} taken back: their events are lost, sent again they take effect`)
  for (const { stream, version, commandId, traceId } of lost)
    console.log(`  ${stream}/${version}  command ${commandId}  trace ${traceId}`)
}
