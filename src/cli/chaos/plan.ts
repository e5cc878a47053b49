import type { Fault, Faults, Hop } from "../../host/host.ts"
import { draw, shareOf } from "./draw.ts"

type Shares = readonly (readonly [number, (at: number) => Fault])[]

const second = 1_000
const delay = (mostMs: number) => (at: number) => ({ kind: "delay", ms: Math.ceil(at * mostMs) }) as const
const duplicate = (mostMs: number) => (at: number) =>
  ({ kind: "duplicate", times: at < 0.8 ? 1 : 3, spreadMs: Math.ceil(at * mostMs) }) as const
const kill = (when: "before" | "between" | "after") => () => ({ kind: "kill", when }) as const
const simply = (kind: "drop" | "throttle" | "conflict" | "loseAck" | "timeout" | "partialFailure") => () => ({ kind })

/** Deliveries by a rule: late, twice, or at a later attempt. */
const deliveries: Shares = [
  [0.08, duplicate(60 * second)],
  [0.08, delay(90 * second)],
  [0.06, simply("drop")],
  [0.03, simply("throttle")],
]
/** Timers are few, so that each has more to fear. */
const timers: Shares = [
  [0.2, duplicate(60 * second)],
  [0.2, delay(90 * second)],
  [0.2, simply("drop")],
  [0.1, simply("throttle")],
]
const streamRecords: Shares = [
  [0.07, duplicate(30 * second)],
  [0.07, delay(60 * second)],
  [0.05, simply("drop")],
  [0.03, simply("throttle")],
  [0.05, simply("loseAck")],
]
/** What costs an asynchronous invocation none of its attempts … */
const asyncLambda: Shares = [
  [0.07, duplicate(60 * second)],
  [0.07, delay(60 * second)],
  [0.03, simply("throttle")],
]
const lambda: Shares = [
  [0.03, delay(20 * second)],
  [0.08, at => ({ kind: "skew", ms: Math.round((at - 0.5) * 120 * second) })],
]
/** … and what costs one: at the queue or in the function, not at both. */
const losses: readonly (readonly [number, { hop: Hop; fault: (at: number) => Fault }])[] = [
  [0.04, { hop: "asyncLambda", fault: simply("drop") }],
  [0.01, { hop: "lambda", fault: kill("before") }],
  [0.02, { hop: "lambda", fault: kill("between") }],
  [0.02, { hop: "lambda", fault: kill("after") }],
  [0.01, { hop: "lambda", fault: simply("timeout") }],
]
/** Commands whose every attempt is lost, so that the dead-letter path has to end them. */
const doomedShare = 0.02
const doomedAttempts = 3

const write = [
  [0.02, simply("throttle")],
  [0.03, simply("loseAck")],
  [0.02, delay(20 * second)],
] as const
const calls: Readonly<Record<string, Shares>> = {
  TransactWriteItems: [...write, [0.05, simply("conflict")]],
  PutItem: [...write, [0.03, simply("conflict")]],
  UpdateItem: [...write, [0.03, simply("conflict")]],
  DeleteItem: write,
  BatchWriteItem: [...write, [0.06, simply("partialFailure")]],
  PutEvents: write,
}
/** Calls at which the calling function dies, right before or after their effect: those whose callers are tried often enough. */
const deadly: Readonly<Record<string, Shares>> = {
  PutEvents: [
    [0.02, kill("before")],
    [0.03, kill("after")],
  ],
  "POST /v2/email/outbound-emails": [
    [0.05, kill("before")],
    [0.05, kill("after")],
  ],
}
const readCall: Shares = [
  [0.02, simply("throttle")],
  [0.01, delay(10 * second)],
]
const putEntry: Shares = [[0.08, simply("partialFailure")]]

const byHop: Readonly<Record<Hop, Shares>> = {
  bus: deliveries,
  scheduler: timers,
  stream: streamRecords,
  asyncLambda,
  lambda,
  queue: [],
  sdk: [],
}

/**
 * The fault plan of a seed: what happens to attempt `attempt` of a message at a hop follows from these and the seed alone, never
 * from the order of arrival. No message loses more attempts than its hop retries, but for the doomed commands.
 */
export function faultPlan(seed: number): Faults {
  return {
    at(hop, messageId, attempt) {
      const lost = lossOf(seed, hop, messageId, attempt)
      if (lost !== undefined) return lost
      const death =
        hop === "sdk" && attempt === 1 ? shareOf(draw(seed, "death", messageId), deadlyOf(messageId)) : undefined
      if (death !== undefined) return death(0)
      const at = draw(seed, "kind", hop, messageId, attempt)
      return shareOf(at, sharesOf(hop, messageId))?.(draw(seed, "how", hop, messageId, attempt))
    },
  }
}

/** Not DynamoDB's, whose message ids begin with the operation. */
const deadlyOf = (messageId: string): Shares => deadly[messageId.split("|")[1] ?? ""] ?? []

function sharesOf(hop: Hop, messageId: string): Shares {
  if (hop === "bus" && messageId.startsWith("put|")) return putEntry
  if (hop !== "sdk") return byHop[hop]
  const [first = "", second = ""] = messageId.split("|")
  return calls[first] ?? calls[second.slice(second.lastIndexOf(".") + 1)] ?? readCall
}

function lossOf(seed: number, hop: Hop, messageId: string, attempt: number): Fault | undefined {
  if (hop !== "asyncLambda" && hop !== "lambda") return undefined
  if (isDoomed(seed, messageId)) {
    if (hop === "asyncLambda" || attempt > doomedAttempts) return undefined
    return { kind: "kill", when: draw(seed, "when", messageId, attempt) < 0.7 ? "before" : "after" }
  }
  if (attempt > 1) return undefined
  const loss = shareOf(draw(seed, "loss", messageId), losses)
  return loss?.hop === hop ? loss.fault(draw(seed, "how", messageId)) : undefined
}

/** Is this the delivery of a command that the function shall not survive? */
export const isDoomed = (seed: number, messageId: string): boolean =>
  messageId.includes("|foldline.actor|") &&
  messageId.includes("DomainBehavior") &&
  draw(seed, "doomed", messageId) < doomedShare
