/**
 * A service outside of the system that automations ask. Where it is and by which key it is asked is a secret of the deployment:
 * JSON `{ "url": …, "key": … }`.
 */
export interface OutsideService {
  /** camelCase; part of the secret's name, so it is for ever. */
  readonly name: string
  readonly description: string
  /** Which adapter speaks with it; by default JSON over HTTP. */
  readonly speaks?: "json" | "stripe"
  /** `idempotentProvider`: asked again with the same key, it does nothing twice. `atLeastOnce`: it may. */
  readonly promise: "idempotentProvider" | "atLeastOnce"
}

/** What is asked of a service. */
export interface Question {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  /** Below the service's URL. */
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
}

/** Stands in a question's body for what the vault keeps under a reference. */
export interface Vaulted {
  readonly $vault: string
}

/** Hands on what the vault keeps. */
export const fromVault = (reference: string): Vaulted => ({ $vault: reference })

/** Where values are kept that only services outside may hear. */
export interface Vault {
  /** The same reference always stands for the same value. */
  put(reference: string, value: string): Promise<void>
  open(reference: string): Promise<string>
}

/** A question with everything that the vault keeps for it put in. */
export async function unvaulted(question: Question, vault: Pick<Vault, "open">): Promise<Question> {
  const fill = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(fill))
    if (typeof value !== "object" || value === null) return value
    if ("$vault" in value && typeof value.$vault === "string") return vault.open(value.$vault)
    const members = Object.entries(value).map(async ([name, member]) => [name, await fill(member)] as const)
    return Object.fromEntries(await Promise.all(members))
  }
  return question.body === undefined
    ? question
    : { ...question, body: (await fill(question.body)) as Record<string, unknown> }
}

/** What a service answered; status 0 when it did not answer at all. */
export interface OutsideAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Asks services outside; `key` is the same whenever the same question is asked again. Failures of the network are answers. */
export interface Outside {
  ask(service: OutsideService, question: Question, key: string): Promise<OutsideAnswer>
}

/** Declares a service outside. */
export const outsideService = (declaration: OutsideService): OutsideService => declaration
