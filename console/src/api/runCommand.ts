import { Hub } from "aws-amplify/utils"
import type { CommandReceipt, Commands } from "../model.generated.ts"
import { ApiError, ask, subscribe } from "./client.ts"

const receiptFields =
  "commandId traceId status aggregateId version rejection { code message path } reason duplicate protected actor tenant acceptedAt settledAt"
const receiptQuery = `query ($commandId: ID!) { receipt(commandId: $commandId) { ${receiptFields} } }`
const onReceipt = `subscription ($commandId: ID!) { onReceipt(commandId: $commandId) { ${receiptFields} } }`

const subscribedWithinMs = 1_500
const pollEveryMs = [700, 1_500, 3_000]
const patienceMs = 60_000
const ends = ["PROJECTED", "REJECTED", "FAILED", "PARKED"]

/**
 * Sends a command and follows its receipt to an end, telling each move. The same command id may be sent again: it takes effect
 * once. Throws ApiError when it could not be sent (`Unauthorized`, `Network`) or had no outcome in a minute (`NoOutcome`).
 */
export async function runCommand<Name extends keyof Commands>(
  mutation: Name,
  input: Commands[Name],
  commandId: string,
  onMove: (receipt: CommandReceipt) => void,
): Promise<CommandReceipt> {
  const moves = followReceipt(commandId)
  try {
    await moves.listening
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`
    const text = `mutation ($input: ${type}) { ${mutation}(input: $input) { ${receiptFields} } }`
    const accepted = await ask<Record<string, CommandReceipt>>(text, { input: { ...input, commandId } })
    if (accepted[mutation]) onMove(accepted[mutation])
    return await moves.untilEnd(onMove)
  } finally {
    moves.stop()
  }
}

/** The moves of one receipt: pushed, and read now and then in case a push was lost. */
function followReceipt(commandId: string) {
  const heard: CommandReceipt[] = []
  let wake = () => {}
  const note = (receipt: CommandReceipt | null) => {
    if (receipt !== null) heard.push(receipt)
    wake()
  }
  const listening = acknowledged(commandId)
  const stop = subscribe<{ onReceipt: CommandReceipt }>(onReceipt, { commandId }, pushed => note(pushed.onReceipt))
  const nap = (ms: number) =>
    new Promise<void>(resolve => {
      wake = resolve
      setTimeout(resolve, ms)
    })

  async function untilEnd(onMove: (receipt: CommandReceipt) => void): Promise<CommandReceipt> {
    const deadline = Date.now() + patienceMs
    for (let round = 0; Date.now() < deadline; round += 1) {
      if (heard.length === 0) await nap(pollEveryMs[Math.min(round, pollEveryMs.length - 1)] ?? 0)
      if (heard.length === 0) {
        const { receipt } = await ask<{ receipt: CommandReceipt | null }>(receiptQuery, { commandId })
        note(receipt)
      }
      for (const receipt of heard.splice(0)) {
        onMove(receipt)
        if (ends.includes(receipt.status)) return receipt
      }
    }
    throw new ApiError("NoOutcome", "No outcome after a minute. The command is safe to send again.")
  }
  return { listening, untilEnd, stop }
}

/** When the server has confirmed the subscription, or soon anyway: a receipt can be read, too. */
const acknowledged = (commandId: string) =>
  new Promise<void>(resolve => {
    const done = () => {
      stop()
      clearTimeout(timer)
      resolve()
    }
    const stop = Hub.listen("api", ({ payload }) => {
      const { variables } = (payload.data ?? {}) as { variables?: { commandId?: string } }
      if (payload.event === "Subscription ack" && variables?.commandId === commandId) done()
    })
    const timer = setTimeout(done, subscribedWithinMs)
  })
