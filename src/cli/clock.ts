import { local } from "./api.ts"
import { CliError } from "./cliError.ts"

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Moves the clock of the running host forward; what falls due fires. */
export async function moveClock(duration: string): Promise<void> {
  const [, amount, unit] = /^\+?(\d+)([smhd])$/.exec(duration) ?? []
  if (amount === undefined || unit === undefined)
    throw new CliError(`say how far, such as +90s, +15m, +6h or +7d, not ${duration}`)
  const ms = Number(amount) * unitMs[unit as keyof typeof unitMs]
  const response = await fetch(`${local().endpointUrl}/_host/clock`, {
    method: "POST",
    body: JSON.stringify({ advanceMs: ms }),
  })
  if (!response.ok) throw new CliError(`the host did not move its clock: ${await response.text()}`)
  console.log(`it is now ${((await response.json()) as { now: string }).now}`)
}
