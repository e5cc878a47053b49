import type { DataOf, EventInfo, Message, MessageType } from "./message.ts"
import type { OutsideAnswer, OutsideService, Question } from "./outside.ts"
import type { AnyView } from "./view.ts"

/** What an automation asks for: a command through the API, or an effect outside. */
export type Reaction =
  | { readonly command: Message }
  | { readonly mail: MailEffect }
  | { readonly timer: Timer }
  | { readonly cancel: string }
  | { readonly ask: Asking }

/** A mail to send. Template and values are data; the adapter renders nothing else. */
export interface MailEffect {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** A command that is sent when its time has come; the decision looks again whether it is still due. */
export interface Timer {
  /** Unique among the timers of the event's stream; setting it again leaves the first as it is. */
  readonly name: string
  /** ISO time. */
  readonly at: string
  readonly command: Message
}

/** Asks for a command, sent through the API with the trace of the event. */
export const send = (command: Message): Reaction => ({ command })
/** Asks for a mail. */
export const mail = (effect: MailEffect): Reaction => ({ mail: effect })

/** Asks for a command at a later time. */
export const schedule = (name: string, at: string, command: Message): Reaction => ({ timer: { name, at, command } })
/** Takes a timer of the event's stream back; one that has fired or never was is fine. */
export const cancel = (name: string): Reaction => ({ cancel: name })

/** A question to a service outside, and what follows from its answer: also pure, and possibly done again with another answer. */
export interface Asking {
  readonly service: OutsideService
  readonly question: Question
  readonly then: (answer: OutsideAnswer) => readonly Reaction[]
}

/** Asks a service outside. Its failures are answers too: what to do about them is the domain's business. */
export const ask = (service: OutsideService, question: Question, then: Asking["then"]): Reaction => ({
  ask: { service, question, then },
})

/** The only promises about an outside effect that are honest. */
export type EffectPromise = "idempotentProvider" | "atMostOnce" | "atLeastOnce"

/** A secret that is the same for the same label for ever, and its hash, which may be stored. */
export interface DerivedSecret {
  readonly value: string
  readonly hash: string
}

/** What a reaction may look at besides the event. */
export interface ReactionInfo extends EventInfo {
  /** Rows named in `reads`; undefined when not there (yet). */
  readonly rows: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>
  /** Derives a secret from the application's own, which only automations that declare `derives` can read. */
  readonly derive: (label: string) => DerivedSecret
}

/** A policy: when this happens, ask for that. Pure; the Notifier carries it out and remembers what was done. */
export interface Automation<Type extends MessageType = MessageType> {
  /** Reads as the policy: `offerHoldOnCopyReturned`. */
  readonly name: string
  readonly description: string
  readonly on: Type
  /** Commands that it may send: its right to send them is derived from this list. */
  readonly sends: readonly MessageType[]
  /** Outside effects that it has, and what it promises about them. */
  readonly effects?: { readonly mail?: EffectPromise }
  /** Services outside that it asks: its right to ask them is derived from this list. */
  readonly asks?: readonly OutsideService[]
  /** Hands on what the vault keeps. */
  readonly vault?: true
  /** What it does with timers. */
  readonly timers?: readonly ("set" | "cancel")[]
  /** It derives secrets: its right to read the application's own is derived from this. */
  readonly derives?: true
  /** Rows to read first: name → view and the values of its key. */
  readonly reads?: Readonly<
    Record<string, { view: AnyView; key: (data: DataOf<Type>) => Readonly<Record<string, string>> }>
  >
  readonly react: (data: DataOf<Type>, info: ReactionInfo) => readonly Reaction[]
}

/** Declares an automation. */
export const automation = <Type extends MessageType>(declaration: Automation<Type>): Automation<Type> => declaration

// biome-ignore lint/suspicious/noExplicitAny: a heterogeneous list needs an existential type, which TypeScript lacks
export type AnyAutomation = Automation<any>
