import type { CloudEvent } from "../../../core/ports.ts"
import type { CommandRecord, Facts, OutboxRow } from "./facts.ts"
import { type Finding, finding, textOf } from "./finding.ts"

const text = (value: unknown) => String(value)

/** P1, P2, P3: every accepted command has one outcome, and record, outbox row, receipt and trace agree on it. */
export function checkOutcomes(facts: Facts): Finding {
  const check = finding("one outcome")
  const { must, mustEqual } = check
  const rows = new Map(facts.outbox.map(row => [row.command, row]))
  mustEqual(
    "the outbox",
    facts.outbox.map(({ command }) => command),
    [...facts.records.keys()],
  )
  for (const record of facts.records.values()) {
    const row = rows.get(record.id)
    if (row === undefined) continue
    must(
      textOf(row.opened.outcome) === textOf(record.data.outcome) && row.stream === record.data.stream,
      `outbox row and record of ${where(record)} say different things`,
    )
    checkReceipt(facts, record, row, must)
    checkTrace(facts, record, row, must)
  }
  for (const row of facts.waiting) checkWaiting(facts, row, must)
  for (const message of facts.onBus("actor")) checkEnd(facts, message, must)
  checkSent(facts, must)
  return check.result
}

type Must = ReturnType<typeof finding>["must"]

const where = ({ id, data }: CommandRecord) => `command ${id} (trace ${data.traceId}, stream ${data.stream})`

const expectedStatus = { COMMITTED: "PROJECTED", REJECTED: "REJECTED", FAILED: "FAILED" } as const

function checkReceipt(facts: Facts, record: CommandRecord, row: OutboxRow, must: Must) {
  const { outcome } = record.data
  const { commandId, traceId, actor } = row.opened.info
  const tenant = record.id.split("/", 1)[0]
  const step = row.opened.misuse ? `${tenant}#${traceId}` : tenant
  const receipts = facts.receipts.filter(
    receipt => receipt.commandId === commandId && receipt.actor === actor.id && receipt.step === step,
  )
  const [receipt] = receipts
  must(receipts.length === 1, `${where(record)} has ${receipts.length} receipts`)
  if (receipt === undefined) return
  const agrees =
    receipt.status === expectedStatus[outcome.status] &&
    (outcome.status === "FAILED" || receipt.version === outcome.version) &&
    (outcome.status !== "REJECTED" || receipt.rejection?.code === outcome.rejection.code)
  must(agrees, `${where(record)} ended ${textOf(outcome)}, its receipt says ${textOf(receipt)}`)
}

const stepOfOutcome = { COMMITTED: "unchanged", REJECTED: "rejected", FAILED: "failed" } as const

function checkTrace(facts: Facts, record: CommandRecord, { opened }: OutboxRow, must: Must) {
  const { outcome, traceId, messageId } = record.data
  const steps = facts.steps.filter(({ id }) => id === `trace/${traceId}`)
  must(
    steps.some(({ kind, causeId }) => kind === "accepted" && causeId === messageId),
    `the trace of ${where(record)} does not say that it was accepted`,
  )
  const wanted =
    opened.events.length > 0
      ? opened.events.map(({ info }) => `event ${info.id}`)
      : [`${stepOfOutcome[outcome.status]} ${messageId}/outcome`]
  const told = new Set(steps.map(({ kind, causeId }) => `${kind} ${causeId}`))
  for (const step of wanted) must(told.has(step), `the trace of ${where(record)} lacks its end: ${step}`)
}

/** A command that waits has no outcome yet, and its receipt and trace say so. */
function checkWaiting({ records, receipts, steps }: Facts, { command, opened }: OutboxRow, must: Must) {
  const { commandId, traceId, actor, id } = opened.info
  const where = `${command} (trace ${traceId})`
  must(!records.has(command.slice(waitingPrefix.length)), `${where} waits and has an outcome`)
  const own = receipts.filter(receipt => receipt.commandId === commandId && receipt.actor === actor.id)
  must(own.filter(({ status }) => status === "PARKED").length === 1, `the receipt of ${where} does not say PARKED`)
  const told = steps.some(
    step => step.id === `trace/${traceId}` && step.kind === "parked" && step.causeId === `${id}/parked`,
  )
  must(told, `the trace of ${where} does not say that it waits`)
}

const waitingPrefix = "parked/"

/** A message that asked for a command was decided, waits, or answered as a repeat, or refused as a misuse of its id. */
function checkEnd(facts: Facts, message: CloudEvent, must: Must) {
  const key = `${message.tenant}/${message.actor}/${message.commandid}`
  const isDecided = facts.records.get(key)?.data.messageId === message.id
  const isMisuse = facts.records.has(`${key}#${message.id}`)
  const isRepeat = facts.steps.some(
    ({ id, kind, causeId }) =>
      id === `trace/${message.traceid}` && kind === "alreadyProcessed" && causeId === message.id,
  )
  const isWaiting = facts.waiting.some(
    ({ command, messageId }) => command === `${waitingPrefix}${key}` && messageId === message.id,
  )
  must(
    isDecided || isMisuse || isRepeat || isWaiting,
    `message ${message.id} of command ${key} (${text(message.type)}, trace ${message.traceid}) came to no end`,
  )
}

function checkSent({ evidence, records, waiting }: Facts, must: Must) {
  const known = [...records.keys(), ...waiting.map(({ command }) => command)]
  for (const { ask, actor, answers } of evidence.sent) {
    const found = known.filter(id => id.endsWith(`/${actor}/${ask.commandId}`))
    if (answers.includes("accepted"))
      must(found.length === 1, `${ask.mutation} ${ask.commandId} was accepted and has ${found.length} outcomes`)
    else if (!answers.includes("lost"))
      must(
        found.length === 0,
        `${ask.mutation} ${ask.commandId} was refused (${answers}) and has ${found.length} outcomes`,
      )
  }
}
