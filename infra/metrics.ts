import { MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch"
import { Duration } from "aws-cdk-lib/core"
import type { BusRule } from "./busRule.ts"
import type { RoomFunction } from "./roomFunction.ts"

const period = Duration.minutes(5)

const metric = (namespace: string, metricName: string, dimensionsMap: Record<string, string>, statistic: string) =>
  new Metric({ namespace, metricName, dimensionsMap, statistic, period })

const ofQueue = (metricName: string, statistic: string) => (QueueName: string) =>
  metric("AWS/SQS", metricName, { QueueName }, statistic)

/** Messages put into a queue by name. */
export const lettersSent = ofQueue("NumberOfMessagesSent", Stats.SUM)
/** Messages that wait in a queue. */
export const lettersWaiting = ofQueue("ApproximateNumberOfMessagesVisible", Stats.MAXIMUM)
/** Seconds. */
export const oldestLetter = ofQueue("ApproximateAgeOfOldestMessage", Stats.MAXIMUM)

const ofFunction = (metricName: string, statistic: string) => (room: RoomFunction) =>
  metric("AWS/Lambda", metricName, { FunctionName: room.function.functionName }, statistic).with({
    label: room.node.path.split("/").slice(1).join(" "),
  })

/** Milliseconds that a stream's reader is behind. */
export const iteratorAge = ofFunction("IteratorAge", Stats.MAXIMUM)
export const invocations = ofFunction("Invocations", Stats.SUM)
export const errors = ofFunction("Errors", Stats.SUM)
export const throttles = ofFunction("Throttles", Stats.SUM)
export const duration = ofFunction("Duration", "p99")

/** Messages that a rule could not hand to its function. */
export const failedInvocations = (rule: BusRule) =>
  metric(
    "AWS/Events",
    "FailedInvocations",
    { RuleName: rule.name, ...(rule.busName === undefined ? {} : { EventBusName: rule.busName }) },
    Stats.SUM,
  )

const ofApi = (metricName: string, statistic: string) => (GraphQLAPIId: string) =>
  metric("AWS/AppSync", metricName, { GraphQLAPIId }, statistic)

export const apiLatency = ofApi("Latency", "p99")
export const apiServerErrors = ofApi("5XXError", Stats.SUM)

/**
 * A CloudWatch query instead of a metric: it watches every rule or function that there will ever be, and an alarm on it is billed
 * for the metrics that it finds. Both of these are sent only when something went wrong, so that a month without failures has none.
 */
const query = (expression: string) => new MathExpression({ expression, usingMetrics: {}, period })

/** Messages that any rule of a bus could not hand to its function. */
export const failedInvocationsOfBus = (busName: string) =>
  query(
    `SELECT SUM(FailedInvocations) FROM SCHEMA("AWS/Events", EventBusName, RuleName) WHERE EventBusName = '${busName}'`,
  )

/** Failures for good that did not reach a dead-letter queue, of all functions of the account and region: a query knows no prefix of names. */
export const lostFailuresOfAll = query(
  'SELECT SUM(DestinationDeliveryFailures) FROM SCHEMA("AWS/Lambda", FunctionName)',
)
