import { signInAs } from "./api.ts"

interface Certificate {
  readonly subject: string
  readonly forgottenAt: string
  readonly at: string
  readonly purged: { streams: number; claims: number; rows: number; pointers: number; letters: number }
  readonly next: string | null
}

const mutation = `mutation ($subject: String!, $next: String) { forget(subject: $subject, next: $next) {
  subject forgottenAt at purged { streams claims rows pointers letters } next
} }`

/** Forgets a person's id or an e-mail address everywhere, and prints a certificate that does not say whose. */
export async function forget(subject: string, flags: { json?: boolean }): Promise<void> {
  const ask = await signInAs("support")
  const purged = { streams: 0, claims: 0, rows: 0, pointers: 0, letters: 0 }
  let next: string | null = null
  let last: Certificate
  do {
    last = (await ask<{ forget: Certificate }>(mutation, { subject, next })).forget
    for (const store of ["streams", "claims", "rows", "pointers", "letters"] as const)
      purged[store] += last.purged[store]
    next = last.next
  } while (next !== null)
  const certificate = { subject: last.subject, forgottenAt: last.forgottenAt, completedAt: last.at, purged }
  if (flags.json) return console.log(JSON.stringify(certificate))
  console.log(`certificate of erasure
  subject (SHA-256)         ${certificate.subject}
  data key destroyed        ${certificate.forgottenAt}
    with it every personal value in the events, snapshots, outbox rows and parked commands of ${purged.streams} streams
  rows of views rewritten   ${purged.rows}
  unique values freed       ${purged.claims}
  trace pointers removed    ${purged.pointers}
  dead letters removed      ${purged.letters}
  completed                 ${certificate.completedAt}`)
}
