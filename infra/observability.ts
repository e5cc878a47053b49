import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch"
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions"
import * as sns from "aws-cdk-lib/aws-sns"
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions"
import { ArnFormat, Duration, Stack } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import { BusRule } from "./busRule.ts"
import { dashboardRows } from "./dashboardRows.ts"
import type { Joint } from "./joint.ts"
import * as metrics from "./metrics.ts"
import { RoomFunction } from "./roomFunction.ts"

export interface ObservabilityProps {
  readonly joint: Joint
  readonly apiId: string
  /** The functions that read the outbox's stream. */
  readonly streamReaders: readonly RoomFunction[]
  /** Who is told by mail; without, alarms are seen in CloudWatch only. */
  readonly alarmMail?: string
}

const oldestLetter = Duration.minutes(30)
const oldestRow = Duration.minutes(5)

/** An alarm for each way in which a message can get stuck or lost, and one dashboard. */
export class Observability extends Construct {
  private readonly topic: sns.Topic | undefined

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id)
    const { joint, apiId, streamReaders, alarmMail } = props
    this.topic = alarmMail === undefined ? undefined : this.mailTopic(alarmMail)
    const inStack = Stack.of(this).node.findAll()
    const functions = inStack.filter(found => found instanceof RoomFunction)
    const rules = inStack.filter(found => found instanceof BusRule)
    const queueName = (arn: string) => Stack.of(this).splitArn(arn, ArnFormat.NO_RESOURCE_NAME).resource
    const letters = queueName(joint.DeadLettersArn)
    const unhandled = queueName(joint.UnhandledLettersArn)

    this.alarm(
      "DeadLetterArrived",
      "A message was given up: see the dead-letter queue",
      metrics.lettersSent(letters),
      1,
    )
    this.alarm(
      "OldDeadLetter",
      "Dead letters are not taken care of",
      metrics.oldestLetter(letters),
      oldestLetter.toSeconds(),
    )
    this.alarm("Unhandled", "The caretaker could not handle a dead letter", metrics.lettersWaiting(unhandled), 1)
    for (const reader of streamReaders)
      this.alarm(
        `${reader.node.id}Behind`,
        `${reader.node.id} is behind the outbox`,
        metrics.iteratorAge(reader),
        oldestRow.toMilliseconds(),
      )
    this.alarm(
      "FailedInvocations",
      "A rule of the bus could not call its function",
      metrics.failedInvocationsOfBus(joint.BusName),
      1,
    )
    for (const rule of rules.filter(({ busName }) => busName === undefined))
      this.alarm(`${rule.node.id}Failed`, "A schedule could not call its function", metrics.failedInvocations(rule), 1)
    this.alarm(
      "LostFailures",
      "A failure of a function did not reach the dead-letter queue",
      metrics.lostFailuresOfAll,
      1,
    )

    new cloudwatch.Dashboard(this, "Dashboard", {
      widgets: dashboardRows({ functions, rules, streamReaders, queues: [letters, unhandled], apiId }),
    })
  }

  private alarm(id: string, alarmDescription: string, metric: cloudwatch.IMetric, threshold: number) {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    })
    if (this.topic !== undefined) alarm.addAlarmAction(new SnsAction(this.topic))
  }

  private mailTopic(address: string) {
    const topic = new sns.Topic(this, "Topic", { enforceSSL: true })
    topic.addSubscription(new EmailSubscription(address))
    return topic
  }
}
