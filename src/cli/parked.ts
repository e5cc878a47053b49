import { signInAs } from "./api.ts"

/** Something that is set aside, as the API tells it. */
export interface ParkedItem {
  readonly kind: string
  readonly stream: string
  readonly cause: string
  readonly at: string
  readonly version: number | null
  readonly waiting: readonly { type: string; commandId: string; traceId: string; actor: string; at: string }[]
}

const query = `query ($nextToken: String) { parked(limit: 100, nextToken: $nextToken) {
  items { kind stream cause at version waiting { type commandId traceId actor at } } nextToken
} }`

const pagesMax = 100

/** Everything that is set aside, page by page. */
export async function allParked(): Promise<readonly ParkedItem[]> {
  const ask = await signInAs("support")
  const items: ParkedItem[] = []
  let nextToken: string | null = null
  for (let page = 1; page <= pagesMax; page++) {
    const answer: { parked: { items: ParkedItem[]; nextToken: string | null } } = await ask(query, { nextToken })
    items.push(...answer.parked.items)
    nextToken = answer.parked.nextToken
    if (nextToken === null) break
  }
  return items
}

/** Prints what is set aside, by cause. */
export async function parked(flags: { json?: boolean }): Promise<void> {
  const items = await allParked()
  if (flags.json) return console.log(JSON.stringify(items))
  if (items.length === 0) return console.log("nothing is set aside")
  for (const [cause, group] of byCause(items)) {
    console.log(cause)
    for (const { kind, stream, at, version, waiting } of group) {
      const where = version === null ? stream : `${stream} at version ${version}`
      console.log(`  ${kind === "stream" ? "stream " : "delivery "}${where}, since ${at}`)
      for (const { type, commandId, actor, traceId } of waiting)
        console.log(`    ${type} ${commandId} by ${actor}  trace ${traceId}`)
    }
  }
  console.log("\nfoldline redrive <stream|cause> --rehearse shows what the code as it is would do")
}

/** Items by their cause, in the order in which causes first appear. */
export function byCause(items: readonly ParkedItem[]): ReadonlyMap<string, readonly ParkedItem[]> {
  const groups = new Map<string, ParkedItem[]>()
  for (const item of items) groups.set(item.cause, [...(groups.get(item.cause) ?? []), item])
  return groups
}
