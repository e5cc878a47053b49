import { randomUUID } from "node:crypto"
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda"
import { required } from "../adapters/environment.ts"
import { secretText } from "../adapters/secrets/secret.ts"
import { stripeNotice } from "../adapters/stripe/notice.ts"
import { app } from "../contexts/index.ts"
import { hookPath } from "../core/hook.ts"
import { serviceVariable } from "../core/manifest.ts"
import { takeNotice } from "../core/run/takeNotice.ts"
import { actorPublisher, hash, now, viewStore } from "./adapters.ts"

const secrets = new SecretsManagerClient({})
const answer = (statusCode: number, message: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message }),
})

/** Takes what Stripe tells: verified, and once however often it is told. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const hook = app.contexts.flatMap(({ hooks }) => hooks ?? []).find(one => event.rawPath === hookPath(one))
  if (hook === undefined) return answer(404, "There is nothing here.")
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? "", "base64").toString("utf8") : (event.body ?? "")
  const { hook: signingSecret = "" } = JSON.parse(
    await secretText(secrets, required(serviceVariable(hook.service.name)))(),
  ) as { hook?: string }
  const notice = await stripeNotice(text, event.headers["stripe-signature"], signingSecret)
  if (notice === undefined) return answer(400, "The signature does not hold.")
  return answer(
    200,
    await takeNotice(
      { app, views: viewStore(), publisher: actorPublisher(), hash, now, newId: randomUUID },
      hook,
      notice,
    ),
  )
}
