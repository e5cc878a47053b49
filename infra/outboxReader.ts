import * as iam from "aws-cdk-lib/aws-iam"
import * as lambda from "aws-cdk-lib/aws-lambda"
import { Duration } from "aws-cdk-lib/core"
import type { Construct } from "constructs"
import type { Access } from "./access.ts"
import { queueUrl } from "./queueUrl.ts"
import type { RoomFunction } from "./roomFunction.ts"

/** What a function needs to be a reader of the stream, and to leave a row that it cannot read to the caretaker. */
export const readingStream = (scope: Construct, streamArn: string, deadLettersArn: string): Access => ({
  environment: { DEAD_LETTERS_URL: queueUrl(scope, deadLettersArn) },
  statements: [
    new iam.PolicyStatement({
      actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      resources: [streamArn],
    }),
    new iam.PolicyStatement({ actions: ["dynamodb:ListStreams"], resources: ["*"] }),
  ],
  wildcard: {
    finding: "Resource::*",
    reason: "Lambda lists streams before it reads one, and listing has no resource.",
  },
})

/**
 * Makes a function a reader of the outbox's stream: new rows only, in order within each stream of events, with bounded
 * retries. A row that no retry can help is no failure of its batch: the function sets it aside.
 */
export function readOutbox(room: RoomFunction, streamArn: string): void {
  new lambda.EventSourceMapping(room, "Outbox", {
    target: room.function,
    eventSourceArn: streamArn,
    startingPosition: lambda.StartingPosition.TRIM_HORIZON,
    filters: [lambda.FilterCriteria.filter({ eventName: lambda.FilterRule.isEqual("INSERT") })],
    batchSize: 100,
    parallelizationFactor: 10,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: 10,
    maxRecordAge: Duration.hours(6),
    onFailure: { bind: () => ({ destination: room.deadLettersArn }) },
  })
}
