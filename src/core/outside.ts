/**
 * A service outside of the system that automations ask. Where it is and by which key it is asked is a secret of the deployment:
 * JSON `{ "url": …, "key": … }`.
 */
export interface OutsideService {
  /** camelCase; part of the secret's name, so it is for ever. */
  readonly name: string
  readonly description: string
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
