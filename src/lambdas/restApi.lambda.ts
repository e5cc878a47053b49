import { randomUUID } from "node:crypto"
import type { APIGatewayProxyEventV2WithLambdaAuthorizer, APIGatewayProxyStructuredResultV2 } from "aws-lambda"
import { pauseWithJitter } from "../adapters/environment.ts"
import { app } from "../contexts/index.ts"
import type { Client } from "../core/rest.ts"
import { serveRest } from "../core/run/serveRest.ts"
import { actorPublisher, hash, now, receipts, records, viewStore } from "./adapters.ts"

/** Well within the 30 seconds that API Gateway waits. */
const waitMaxMs = 10_000

/** Answers one request to the REST API. */
export async function handler(
  event: APIGatewayProxyEventV2WithLambdaAuthorizer<Partial<Client>>,
): Promise<APIGatewayProxyStructuredResultV2> {
  const ends = Date.now() + waitMaxMs
  const { id, tenant, role } = event.requestContext.authorizer?.lambda ?? {}
  const { status, body, headers } = await serveRest(
    {
      app,
      views: viewStore(),
      publisher: actorPublisher(),
      events: records(),
      receipts: receipts(),
      hash,
      now,
      newId: randomUUID,
      pause: pauseWithJitter(20, 250),
      expired: () => Date.now() > ends,
    },
    {
      route: event.routeKey,
      path: definedOnly(event.pathParameters),
      body: event.isBase64Encoded ? Buffer.from(event.body ?? "", "base64").toString("utf8") : event.body,
      client: id === undefined || tenant === undefined || role === undefined ? undefined : { id, tenant, role },
      idempotencyKey: event.headers["idempotency-key"],
      traceparent: event.headers.traceparent,
    },
  )
  return {
    statusCode: status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
    body: JSON.stringify(body),
  }
}

const definedOnly = (parameters: Readonly<Record<string, string | undefined>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
