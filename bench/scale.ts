/**
 * Where AWS stops a steady stream of commands: for each stage, what one command asks of a quota, and what the quota allows. Each
 * stage is a queue that serves at most its quota; the knee is the rate from which a queue grows for ever.
 * `node --import tsx bench/scale.ts` prints the table of docs/scale.md.
 */
import { pathToFileURL } from "node:url"
import { figure, table } from "./report.ts"

/** One quota, and what a command uses of it. */
export interface Stage {
  readonly name: string
  /** Units of the quota that one command takes; a function of the rate where batching makes it cheaper. */
  readonly each: (perSecond: number) => number
  /** Units a second, or units at once, that AWS gives. */
  readonly quota: number
  readonly adjustable: boolean
  readonly source: string
}

const busQuotas = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"
const lambdaQuotas = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
const dynamoQuotas = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"
const partitions = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"
const apiQuotas = "https://docs.aws.amazon.com/general/latest/gr/appsync.html"

const seconds = (milliseconds: number) => milliseconds / 1000
/** Rows that a reader of the outbox gets at once: everything that came in a fifth of a second on one of ten lanes, at most 100. */
const batchOf = (perSecond: number) => Math.min(100, Math.max(1, perSecond / shardsFor(perSecond) / 10 / 5))
const outboxUnits = 3
const shardsFor = (perSecond: number) => Math.max(1, Math.ceil((perSecond * outboxUnits) / 1000))

/** A plain command (one event, one aggregate, four messages pushed) in us-east-1 with default quotas. */
export const stages: readonly Stage[] = [
  {
    name: "AppSync request tokens, pushes included",
    each: () => 5,
    quota: 10_000,
    adjustable: true,
    source: apiQuotas,
  },
  { name: "EventBridge PutEvents entries", each: () => 2, quota: 10_000, adjustable: true, source: busQuotas },
  { name: "EventBridge target invocations", each: () => 4, quota: 18_750, adjustable: true, source: busQuotas },
  {
    name: "Lambda concurrency",
    each: rate => seconds(30) + 2 * seconds(20) + seconds(25) + (seconds(30) + seconds(60)) / Math.sqrt(batchOf(rate)),
    quota: 1_000,
    adjustable: true,
    source: lambdaQuotas,
  },
  {
    name: "Outbox write units of the table",
    each: () => outboxUnits,
    quota: 40_000,
    adjustable: true,
    source: dynamoQuotas,
  },
  { name: "ViewStore write units of the table", each: () => 13, quota: 40_000, adjustable: true, source: dynamoQuotas },
  {
    name: "TraceTable write units of the table",
    each: () => 10,
    quota: 40_000,
    adjustable: true,
    source: dynamoQuotas,
  },
  {
    name: "index of unpublished rows: 8 partitions, written twice",
    each: () => 2 / 8,
    quota: 1_000,
    adjustable: false,
    source: partitions,
  },
  {
    name: "refusals in track & trace: one partition, at 1 % refused",
    each: () => 0.01,
    quota: 1_000,
    adjustable: false,
    source: partitions,
  },
]

/** Commands a second that a stage bears. */
export function knee({ each, quota }: Stage): number {
  let low = 0
  let high = 10_000_000
  while (high - low > 1) {
    const rate = (low + high) / 2
    if (rate * each(rate) <= quota) low = rate
    else high = rate
  }
  return low
}

/** Seconds of work that wait in the fullest queue after a minute at this rate; 0 while every stage keeps up. */
export function backlogAfterMinute(perSecond: number): { readonly seconds: number; readonly stage: string } {
  const backlogs = stages.map(({ name, each, quota }) => {
    let waiting = 0
    for (let second = 1; second <= 60; second++) waiting = Math.max(0, waiting + perSecond * each(perSecond) - quota)
    return { seconds: waiting / quota, stage: name }
  })
  return backlogs.reduce((worst, one) => (one.seconds > worst.seconds ? one : worst))
}

const rates = [10, 1_000, 1_500, 2_000, 2_500, 3_000, 5_000, 10_000, 100_000]

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const byKnee = [...stages].sort((a, b) => knee(a) - knee(b))
  const rows = byKnee.map(stage => [
    stage.name,
    figure(stage.quota),
    stage.adjustable ? "yes" : "no",
    figure(Math.floor(knee(stage))),
    figure((1_000 * stage.each(1_000) * 100) / stage.quota),
  ])
  console.log(table(["quota", "default", "adjustable", "commands/s at the knee", "used at 1,000 commands/s, %"], rows))
  console.log()
  console.log(
    table(
      ["commands/s", "backlog after a minute, s", "where"],
      rates.map(rate => {
        const { seconds, stage } = backlogAfterMinute(rate)
        return [figure(rate), figure(seconds), seconds === 0 ? "nowhere" : stage]
      }),
    ),
  )
}
