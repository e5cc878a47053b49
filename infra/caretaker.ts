import { Schedule } from "aws-cdk-lib/aws-events"
import * as iam from "aws-cdk-lib/aws-iam"
import * as lambda from "aws-cdk-lib/aws-lambda"
import { Duration } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import { BusRule } from "./busRule.ts"
import { deadLetterTimeout } from "./deadLetters.ts"
import { decidingAccess } from "./domainBehavior.ts"
import type { RoomProps } from "./room.ts"
import { RoomFunction } from "./roomFunction.ts"

export interface CaretakerProps extends RoomProps {
  readonly lettersArn: string
  /** Where the caretaker's own failures go: not to the queue that it empties. */
  readonly unhandledArn: string
}

/** Turns dead letters into outcomes, and looks every hour for what was forgotten. */
export class Caretaker extends Construct {
  readonly caretaker: RoomFunction

  constructor(scope: Construct, id: string, { lettersArn, unhandledArn, ...room }: CaretakerProps) {
    super(scope, id)
    const { access, defaults } = room
    const caretaker = new RoomFunction(this, "Caretaker", {
      defaults,
      entry: "caretaker",
      description: "Turns dead letters into outcomes and republishes what was forgotten",
      timeout: deadLetterTimeout,
      deadLettersArn: unhandledArn,
      access: [
        ...decidingAccess(access),
        access.outbox("GetItem", "UpdateItem"),
        access.pendingOutbox(),
        access.bus(),
        receiving(lettersArn),
      ],
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

const receiving = (queueArn: string) => ({
  environment: {},
  statements: [
    new iam.PolicyStatement({
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [queueArn],
    }),
  ],
})
