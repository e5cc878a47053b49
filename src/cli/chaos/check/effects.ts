import { createHash } from "node:crypto"
import type { AnyAutomation, Reaction } from "../../../core/automation.ts"
import { type EventRow, type Facts, infoOf } from "./facts.ts"
import { type Finding, finding } from "./finding.ts"

const hash = (text: string) => createHash("sha256").update(text).digest("base64url")
/** What a mail is recognized by, since its secret is nobody's to know. */
const derive = (label: string) => ({ value: label, hash: label })

/** P6: every event had the consequences that the automations declare: each command once, each effect as its promise says. */
export function checkEffects(facts: Facts): Finding {
  const check = finding("each effect as promised")
  const automations = facts.app.contexts.flatMap(context => context.automations)
  const wantedMails = new Map<string, number>()
  const known = [...facts.records.keys(), ...facts.waiting.map(({ command }) => command)]
  for (const automation of automations)
    for (const event of facts.events.filter(({ type }) => type === automation.on.type))
      for (const [index, reaction] of reactionsTo(automation, event).entries()) {
        const cause = `${automation.name} on ${infoOf(event).id} (trace ${event.traceId})`
        const asked = known.filter(id =>
          id.endsWith(`/${hash(`${automation.name}/${infoOf(event).id}/${index}`)}`),
        ).length
        if ("command" in reaction)
          check.must(asked === 1, `${cause} sent ${reaction.command.type}, which has ${asked} outcomes`)
        if ("timer" in reaction) {
          const isOver = Date.parse(reaction.timer.at) + timerMarginMs < facts.evidence.at
          const isDue = isOver && !isCancelled(facts, event, reaction.timer.name)
          check.must(
            asked <= 1 && (asked === 1 || !isDue),
            `${cause} set the timer ${reaction.timer.name} for ${reaction.timer.at}, whose command has ${asked} outcomes`,
          )
        }
        if ("mail" in reaction) {
          const mail = mailKey(reaction.mail.to, reaction.mail.text)
          wantedMails.set(mail, (wantedMails.get(mail) ?? 0) + 1)
          const promise = automation.effects?.mail ?? "atLeastOnce"
          const count = facts.evidence.mails.filter(({ to, text }) => mailKey(to[0] ?? "", text) === mail).length
          check.must(
            promise === "atMostOnce" ? count <= 1 : count >= 1,
            `${cause} promised a mail ${promise} and ${count} were sent`,
          )
          if (promise === "atMostOnce" && count === 0)
            check.must(isUnknown(facts, event, automation), `${cause} sent no mail and does not say that it is unknown`)
        }
      }
  for (const { to, text, messageId } of facts.evidence.mails)
    check.must(wantedMails.has(mailKey(to[0] ?? "", text)), `mail ${messageId} to ${to} has no event behind it`)
  for (const { id, status } of facts.evidence.idempotencyStore)
    check.must(status === "COMPLETED", `the record ${id} of an effect stands at ${status}`)
  return check.result
}

/** So long after its time a timer may still be on its way, by the host's clock. */
const timerMarginMs = 2 * 60 * 60_000

/** Did an automation take the timer back, because of another event of the stream? */
const isCancelled = (facts: Facts, { stream }: EventRow, name: string) =>
  (facts.streams.get(stream) ?? []).some(event =>
    facts.app.contexts
      .flatMap(({ automations }) => automations)
      .filter(({ on }) => on.type === event.type)
      .some(automation =>
        reactionsTo(automation, event).some(reaction => "cancel" in reaction && reaction.cancel === name),
      ),
  )

const reactionsTo = (automation: AnyAutomation, event: EventRow): readonly Reaction[] =>
  automation.react(event.opened as never, { ...infoOf(event), rows: {}, derive })

/** Receiver and ids named in the text: name and secret of the account differ by when and where it was written. */
const mailKey = (to: string, text: string) => `${to} ${text.match(/^(Account|Invitation): .*$/gm)?.join(" ")}`

const isUnknown = (facts: Facts, event: EventRow, automation: AnyAutomation) =>
  facts.steps.some(
    ({ kind, causeId, component, message }) =>
      kind === "effect" &&
      causeId === infoOf(event).id &&
      component === automation.name &&
      message?.includes("unknown"),
  )
