import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda"
import { app } from "../contexts/index.ts"
import { updateViews } from "../core/run/updateViews.ts"
import { now, pause, push, track, viewStore } from "./adapters.ts"
import { logged } from "./logged.ts"
import { forEachDecided } from "./outboxRecords.ts"

/** Writes the views of each committed snapshot and settles the receipts. */
export const handler = logged(
  (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> =>
    forEachDecided(event, ({ row }) =>
      updateViews({ app, views: viewStore(), track: track(), push: push(), now, pause }, row),
    ),
)
