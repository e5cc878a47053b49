import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda"
import { signedGraphql } from "../adapters/appsync/client.ts"
import { appsyncPush } from "../adapters/appsync/push.ts"
import { required } from "../adapters/environment.ts"
import { app } from "../contexts/index.ts"
import { updateViews } from "../core/run/updateViews.ts"
import { now, pause, track, viewStore } from "./adapters.ts"
import { forEachDecided } from "./outboxRecords.ts"

const push = appsyncPush(signedGraphql(required("API_URL")))

/** Writes the views of each committed snapshot and settles the receipts. */
export const handler = (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> =>
  forEachDecided(event, ({ row }) => updateViews({ app, views: viewStore(), track: track(), push, now, pause }, row))
