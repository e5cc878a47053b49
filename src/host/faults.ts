/** Where a hop may go wrong. The plan is a pure function of seed, hop, message id and attempt. */
export type Hop = "bus" | "asyncLambda" | "stream" | "queue" | "scheduler" | "sdk" | "lambda"

export type Fault =
  | { kind: "duplicate"; times: number; spreadMs: number }
  | { kind: "delay"; ms: number }
  | { kind: "drop" }
  | { kind: "throttle" }
  | { kind: "conflict" }
  | { kind: "loseAck" }
  /** Of a function; at hop "sdk" the one that calls, before or after the call has had its effect. */
  | { kind: "kill"; when: "before" | "between" | "after" }
  | { kind: "timeout" }
  | { kind: "partialFailure" }
  /** The function's clock is off by so much, for one invocation. */
  | { kind: "skew"; ms: number }

export interface Faults {
  at(hop: Hop, messageId: string, attempt: number): Fault | undefined
}

/** No plan: nothing goes wrong, and nobody has to name what could. */
export const noFaults: Faults = { at: () => undefined }
