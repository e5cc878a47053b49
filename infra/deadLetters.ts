import * as iam from "aws-cdk-lib/aws-iam"
import * as sqs from "aws-cdk-lib/aws-sqs"
import { Duration, Stack } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import { keep } from "./keep.ts"

/** Longest time that a function has for one batch of dead letters. */
export const deadLetterTimeout = Duration.seconds(60)

export interface DeadLettersProps {
  readonly busName: string
  /** Prefix of the names of rules on the default bus that may send here: the name of the stack that has them. */
  readonly ruleNamePrefix: string
}

/** Where every asynchronous hop leaves what it could not do. The caretaker empties it; what it cannot do either is unhandled. */
export class DeadLetters extends Construct {
  readonly letters: sqs.Queue
  readonly unhandled: sqs.Queue

  constructor(scope: Construct, id: string, { busName, ruleNamePrefix }: DeadLettersProps) {
    super(scope, id)
    const shared = {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    }
    this.unhandled = new sqs.Queue(this, "Unhandled", shared)
    this.letters = new sqs.Queue(this, "Letters", {
      ...shared,
      visibilityTimeout: Duration.seconds(6 * deadLetterTimeout.toSeconds()),
      deadLetterQueue: { queue: this.unhandled, maxReceiveCount: 5 },
    })
    keep(this.letters, "DeadLetters")
    keep(this.unhandled, "UnhandledLetters")

    const { region, account } = Stack.of(this)
    const rules = [`${busName}/*`, `${ruleNamePrefix}-*`].map(
      name => `arn:${Stack.of(this).partition}:events:${region}:${account}:rule/${name}`,
    )
    for (const queue of [this.letters, this.unhandled])
      queue.addToResourcePolicy(
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal("events.amazonaws.com")],
          actions: ["sqs:SendMessage"],
          resources: [queue.queueArn],
          conditions: { ArnLike: { "aws:SourceArn": rules } },
        }),
      )
  }
}
