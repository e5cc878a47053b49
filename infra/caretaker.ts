import { Schedule } from "aws-cdk-lib/aws-events"
import * as iam from "aws-cdk-lib/aws-iam"
import * as lambda from "aws-cdk-lib/aws-lambda"
import { Duration } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import type { Access, AccessTo, MutationTarget } from "./access.ts"
import { BusRule } from "./busRule.ts"
import { deadLetterTimeout } from "./deadLetters.ts"
import { decidingAccess } from "./domainBehavior.ts"
import { queueUrl } from "./queueUrl.ts"
import type { RoomProps } from "./room.ts"
import { RoomFunction } from "./roomFunction.ts"

export interface CaretakerProps extends RoomProps {
  readonly lettersArn: string
  /** Where the caretaker's own failures go: not to the queue that it empties. */
  readonly unhandledArn: string
  readonly outboxStreamArn: string
  /** What decides commands: a command that one of them gave up has failed. */
  readonly deciders: readonly lambda.IFunction[]
  readonly api: MutationTarget
}

/** Turns dead letters into outcomes, and looks every hour for what was forgotten. */
export class Caretaker extends Construct {
  readonly caretaker: RoomFunction

  constructor(scope: Construct, id: string, props: CaretakerProps) {
    super(scope, id)
    const { lettersArn, unhandledArn, outboxStreamArn, deciders, api, ...room } = props
    const { access, defaults } = room
    const caretaker = new RoomFunction(this, "Caretaker", {
      defaults,
      entry: "caretaker",
      description: "Turns dead letters into outcomes and republishes what was forgotten",
      timeout: deadLetterTimeout,
      deadLettersArn: unhandledArn,
      access: [
        ...decidingAccess(access),
        access.outbox("GetItem", "Query", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
        access.pendingOutbox(),
        access.bus(),
        access.mutations(api, "publishReceipt", "publishViewChange"),
        rereading(outboxStreamArn),
        ...upkeepAccess(access),
        purging(scope, lettersArn, unhandledArn),
        access.people(),
        receiving(lettersArn),
      ],
      environment: { DECIDER_ARNS: deciders.map(({ functionArn }) => functionArn).join(",") },
    })
    this.caretaker = caretaker
    new lambda.EventSourceMapping(this, "Letters", {
      target: caretaker.function,
      eventSourceArn: lettersArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    })
    new BusRule(this, "Hourly", {
      description: "Looks for what was forgotten",
      schedule: Schedule.rate(Duration.hours(1)),
      room: caretaker,
    })
  }
}

/** What forgetting, rebuilding, reconciling and replaying need besides. */
const upkeepAccess = (access: AccessTo) => [
  access.directory(),
  access.shreddingKeys(),
  access.views("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"),
  access.outbox("Scan"),
  access.idempotency("DeleteItem"),
  access.trace("Query", "DeleteItem", "UpdateItem", "BatchWriteItem", "BatchGetItem"),
]

/** Removing letters that speak of somebody who is forgotten. */
const purging = (scope: Construct, lettersArn: string, unhandledArn: string): Access => ({
  environment: { HANDLED_QUEUE_URL: queueUrl(scope, lettersArn), UNHANDLED_QUEUE_URL: queueUrl(scope, unhandledArn) },
  statements: [
    new iam.PolicyStatement({
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
      resources: [unhandledArn],
    }),
  ],
})

/** Reading again what a reader of the outbox gave up. */
const rereading = (streamArn: string) => ({
  environment: {},
  statements: [
    new iam.PolicyStatement({
      actions: ["dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      resources: [streamArn],
    }),
  ],
})

const receiving = (queueArn: string) => ({
  environment: {},
  statements: [
    new iam.PolicyStatement({
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [queueArn],
    }),
  ],
})
