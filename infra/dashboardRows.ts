import { GraphWidget, type IMetric, type IWidget } from "aws-cdk-lib/aws-cloudwatch"
import type { BusRule } from "./busRule.ts"
import * as metrics from "./metrics.ts"
import type { RoomFunction } from "./roomFunction.ts"

export interface Watched {
  readonly apiId: string
  readonly functions: readonly RoomFunction[]
  readonly rules: readonly BusRule[]
  readonly streamReaders: readonly RoomFunction[]
  readonly queues: readonly string[]
}

/** The dashboard, row by row in the order of the flow. */
export const dashboardRows = ({ apiId, functions, rules, streamReaders, queues }: Watched): IWidget[][] => [
  [
    graph("API latency, p99", [metrics.apiLatency(apiId)]),
    graph("API server errors", [metrics.apiServerErrors(apiId)]),
  ],
  [graph("Invocations", functions.map(metrics.invocations)), graph("Duration, p99", functions.map(metrics.duration))],
  [graph("Errors", functions.map(metrics.errors)), graph("Throttles", functions.map(metrics.throttles))],
  [
    graph("Behind the outbox", streamReaders.map(metrics.iteratorAge)),
    graph("Failed invocations", rules.map(metrics.failedInvocations)),
  ],
  [
    graph("Dead letters waiting", queues.map(metrics.lettersWaiting)),
    graph("Age of the oldest dead letter", queues.map(metrics.oldestLetter)),
  ],
]

const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 })
