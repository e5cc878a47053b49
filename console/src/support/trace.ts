/** One step of a request, as the API tells it. */
export interface Step {
  readonly kind: string
  readonly causeId: string
  readonly component: string
  readonly attempt: number | null
  readonly at: string
  readonly message: string | null
  readonly actor: string | null
  readonly commandId: string | null
  readonly causationId: string | null
  readonly stream: string | null
  readonly version: number | null
  readonly data: string | null
}

export const stepFields = "kind causeId component attempt at message actor commandId causationId stream version data"

/** A step under what caused it. */
export interface StepNode {
  readonly id: string
  readonly step: Step
  readonly children: readonly StepNode[]
  /** Milliseconds from the start of the request to the cause, and to this step. */
  readonly fromMs: number
  readonly toMs: number
}

/** Steps that stand for a message of their own; others tell what was done with it. */
const messageKinds = ["accepted", "event", "unchanged", "rejected", "failed"]
const isMessage = ({ kind }: Step) => messageKinds.includes(kind)

/** The steps as trees by causation: a message under the one that caused it, what handled a message under that message. */
export function treesOf(steps: readonly Step[]): readonly StepNode[] {
  const start = Date.parse(steps[0]?.at ?? "")
  const messages = new Map(steps.filter(isMessage).map(step => [step.causeId, step]))
  const causeOf = (step: Step) => messages.get((isMessage(step) ? step.causationId : step.causeId) ?? "")
  const nodeOf = (step: Step, cause: Step | undefined, above: readonly Step[]): StepNode => ({
    id: `${step.kind}/${step.causeId}/${step.component}/${step.attempt ?? 0}`,
    step,
    fromMs: Date.parse((cause ?? step).at) - start,
    toMs: Date.parse(step.at) - start,
    children: steps
      .filter(other => other !== step && !above.includes(other) && causeOf(other) === step)
      .map(child => nodeOf(child, step, [...above, step])),
  })
  return steps
    .filter(step => causeOf(step) === undefined || causeOf(step) === step)
    .map(step => nodeOf(step, undefined, []))
}

/** Every node of the trees. */
export const flat = (nodes: readonly StepNode[]): readonly StepNode[] =>
  nodes.flatMap(node => [node, ...flat(node.children)])

/** `accounts.OpenAccount` → `OpenAccount`; a view's stored name without its version: `members.1` → `members`. */
export const shortName = (component: string) => component.replace(/^\w+\.(?=[A-Z])/, "").replace(/\.\d+$/, "")

export interface Summary {
  readonly title: string
  readonly at: string
  readonly actor: string
  readonly outcome: "done" | "running" | "rejected" | "failed" | "parked" | "repeated"
  readonly message: string | null
  readonly durationMs: number
}

/** What was asked first, and how it ended. */
export function summaryOf(steps: readonly Step[]): Summary | undefined {
  const asked = steps.find(({ kind }) => kind === "accepted") ?? steps[0]
  const last = steps.at(-1)
  if (asked === undefined || last === undefined) return undefined
  const of = (kind: string) => steps.find(step => step.kind === kind)
  const bad = of("failed") ?? (of("released") === undefined ? of("parked") : undefined) ?? of("rejected")
  return {
    title: shortName(asked.component),
    at: asked.at,
    actor: asked.actor ?? "unknown",
    outcome:
      bad !== undefined
        ? (bad.kind as "failed" | "parked" | "rejected")
        : of("event") !== undefined || of("unchanged") !== undefined
          ? "done"
          : of("alreadyProcessed") !== undefined
            ? "repeated"
            : "running",
    message: bad?.message ?? null,
    durationMs: Date.parse(last.at) - Date.parse(asked.at),
  }
}
