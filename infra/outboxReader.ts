import * as iam from "aws-cdk-lib/aws-iam"
import * as lambda from "aws-cdk-lib/aws-lambda"
import { Duration } from "aws-cdk-lib/core"
import type { Access } from "./access.ts"
import type { RoomFunction } from "./roomFunction.ts"

/** What a function needs to be a reader of the stream. */
export const readingStream = (streamArn: string): Access => ({
  environment: {},
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
 * retries, so that a row that cannot be read never blocks the others for longer.
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
