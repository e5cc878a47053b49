import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda"
import { app } from "../contexts/index.ts"
import { messagesOf } from "../core/cloudEvent.ts"
import { outbox, publisher } from "./adapters.ts"
import { logged } from "./logged.ts"
import { forEachDecided } from "./outboxRecords.ts"

/** Publishes what was committed, then marks it published; a crash in between publishes it again under the same ids. */
export const handler = logged(
  (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> =>
    forEachDecided(event, async ({ stream, key, row }) => {
      await publisher().publish(messagesOf(app, row))
      await outbox().markPublished(stream, key)
    }),
)
