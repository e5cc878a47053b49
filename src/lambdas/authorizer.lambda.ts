import { randomUUID } from "node:crypto"
import type { APIGatewayRequestAuthorizerEventV2 } from "aws-lambda"
import { app } from "../contexts/index.ts"
import { identifyClient } from "../core/run/identifyClient.ts"
import { actorPublisher, hash, now, viewStore } from "./adapters.ts"

/**
 * Tells the REST API whose credential a request carries. It lets every request on: a refusal of API Gateway has no body that
 * clients can read, so the API itself refuses whoever has no client.
 */
export async function handler({ headers = {} }: Pick<APIGatewayRequestAuthorizerEventV2, "headers">) {
  const client = await identifyClient(
    { app, views: viewStore(), publisher: actorPublisher(), hash, now, newId: randomUUID },
    headers,
  )
  return { isAuthorized: true, context: client === undefined ? {} : { ...client } }
}
