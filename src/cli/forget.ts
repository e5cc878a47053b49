import { signInAs } from "./api.ts"

const stores = ["streams", "claims", "rows", "pointers", "letters", "waiting"] as const
type Purged = Record<(typeof stores)[number], number>

interface Certificate {
  readonly subject: string
  readonly also: readonly string[]
  readonly forgottenAt: string
  readonly at: string
  readonly purged: Purged
  readonly cameBack: Purged
  readonly unreached: readonly string[]
  readonly next: string | null
}

const mutation = `mutation ($subject: String!, $next: String) { forget(subject: $subject, next: $next) {
  subject also forgottenAt at unreached next
  purged { ${stores.join(" ")} } cameBack { ${stores.join(" ")} }
} }`

/** Forgets a person with the verified address, or an e-mail address, everywhere, and prints a certificate that does not say whose. */
export async function forget(subject: string, flags: { json?: boolean }): Promise<void> {
  const ask = await signInAs("support")
  const none = (): Purged => ({ streams: 0, claims: 0, rows: 0, pointers: 0, letters: 0, waiting: 0 })
  const [purged, cameBack] = [none(), none()]
  let next: string | null = null
  let last: Certificate
  do {
    last = (await ask<{ forget: Certificate }>(mutation, { subject, next })).forget
    for (const store of stores) {
      purged[store] += last.purged[store]
      cameBack[store] += last.cameBack[store]
    }
    next = last.next
  } while (next !== null)
  const { also, forgottenAt, unreached } = last
  const certificate = { subject: last.subject, also, forgottenAt, completedAt: last.at, purged, cameBack, unreached }
  const back = stores.reduce((sum, store) => sum + cameBack[store], 0)
  if (flags.json) return console.log(JSON.stringify(certificate))
  console.log(`certificate of erasure
  subject (SHA-256)         ${certificate.subject}
${also.map(hash => `  and what belongs to it    ${hash}\n`).join("")}  data keys destroyed       ${forgottenAt}
    with it every personal value in the events, snapshots, outbox rows and parked commands of ${purged.streams} streams
  rows of views rewritten   ${purged.rows}
  unique values freed       ${purged.claims}
  trace pointers removed    ${purged.pointers}
  dead letters removed      ${purged.letters}
  parked commands ended     ${purged.waiting}
  found at a second look    ${back === 0 ? "nothing" : `${back}, removed: look again`}
  completed                 ${certificate.completedAt}
  not reached:
${unreached.map(place => `    ${place}`).join("\n")}`)
}
