import { z } from "zod"
import type { Json } from "../host.ts"

/** JSON that an expression fills in: a path, an intrinsic function, or `{% JSONata %}`. */
const Filled = z.custom<Json>(value => value !== undefined)
const Path = z.string().nullable()
const QueryLanguage = z.enum(["JSONPath", "JSONata"])
/** A number, or JSONata that gives one. */
const Amount = z.union([z.number(), z.string()])

const Retrier = z.object({
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.number().int().min(1).default(1),
  MaxAttempts: z.number().int().min(0).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.number().positive().optional(),
  JitterStrategy: z.enum(["FULL", "NONE"]).default("NONE"),
})
export type Retrier = z.infer<typeof Retrier>

const Catcher = z.object({
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  ResultPath: Path.optional(),
  Output: Filled.optional(),
  Assign: Filled.optional(),
})
export type Catcher = z.infer<typeof Catcher>

/** A rule of a Choice state; its comparison is one of the other members. */
const ChoiceRule = z.record(z.string(), Filled)
export type ChoiceRule = z.infer<typeof ChoiceRule>

const kinds = ["Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"] as const

const State = z.object({
  Type: z.enum(kinds),
  QueryLanguage: QueryLanguage.optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  InputPath: Path.optional(),
  OutputPath: Path.optional(),
  ResultPath: Path.optional(),
  Parameters: Filled.optional(),
  ResultSelector: Filled.optional(),
  Arguments: Filled.optional(),
  Output: Filled.optional(),
  Assign: Filled.optional(),
  Result: Filled.optional(),
  Retry: z.array(Retrier).default([]),
  Catch: z.array(Catcher).default([]),

  Resource: z.string().optional(),
  Credentials: Filled.optional(),
  TimeoutSeconds: Amount.optional(),
  TimeoutSecondsPath: z.string().optional(),
  HeartbeatSeconds: Amount.optional(),
  HeartbeatSecondsPath: z.string().optional(),

  Choices: z.array(ChoiceRule).min(1).optional(),
  Default: z.string().optional(),

  Seconds: Amount.optional(),
  SecondsPath: z.string().optional(),
  Timestamp: z.string().optional(),
  TimestampPath: z.string().optional(),

  Error: z.string().optional(),
  ErrorPath: z.string().optional(),
  Cause: z.string().optional(),
  CausePath: z.string().optional(),

  get Branches() {
    return z.array(Flow).min(1).optional()
  },
  get ItemProcessor() {
    return Flow.optional()
  },
  get Iterator() {
    return Flow.optional()
  },
  Items: Filled.optional(),
  ItemsPath: z.string().optional(),
  ItemSelector: Filled.optional(),
  ItemBatcher: z
    .object({
      MaxItemsPerBatch: Amount.optional(),
      MaxItemsPerBatchPath: z.string().optional(),
      BatchInput: Filled.optional(),
    })
    .optional(),
  ItemReader: Filled.optional(),
  ResultWriter: Filled.optional(),
  MaxConcurrency: Amount.optional(),
  MaxConcurrencyPath: z.string().optional(),
  ToleratedFailureCount: Amount.optional(),
  ToleratedFailureCountPath: z.string().optional(),
  ToleratedFailurePercentage: Amount.optional(),
  ToleratedFailurePercentagePath: z.string().optional(),
})

const Flow = z.object({
  StartAt: z.string(),
  QueryLanguage: QueryLanguage.optional(),
  ProcessorConfig: z.object({ Mode: z.enum(["INLINE", "DISTRIBUTED"]).optional() }).optional(),
  get States(): z.ZodRecord<z.ZodString, typeof State> {
    return z.record(z.string(), State)
  },
})

/** A state machine in the Amazon States Language [states-language.net/spec.html]. */
export const Definition = Flow.extend({ TimeoutSeconds: z.number().positive().optional() })
export type Definition = z.infer<typeof Definition>
/** States that follow each other: of the machine, of a branch, or of a Map's iterations. */
export type Flow = Omit<Definition, "TimeoutSeconds">
export type State = z.infer<typeof State>

/** The flows inside of a state, with their places in the definition. */
export function innerFlows(state: State): [place: string, flow: Flow][] {
  const iterated = state.ItemProcessor ?? state.Iterator
  const branches = (state.Branches ?? []).map((flow, index): [string, Flow] => [`Branches[${index}]`, flow])
  return iterated === undefined ? branches : [...branches, ["ItemProcessor", iterated]]
}
