import type { Host } from "../../host.ts"
import { objectOf, textOf } from "../../json.ts"
import type { Answer } from "../answer.ts"
import { askAwsService } from "./awsService.ts"
import { askServer, passOn } from "./httpIntegration.ts"
import { type IntegrationRequest, integrationRequest } from "./integrationRequest.ts"
import { answerFrom } from "./integrationResponse.ts"
import { functionArnOf, invokeFunction, queueEvent } from "./invokeFunction.ts"
import { askFunction } from "./lambdaProxy.ts"
import { createMapping, type Result } from "./mapping.ts"
import { refusals } from "./refusals.ts"
import type { RestIntegration } from "./registry.ts"
import type { RoutedRequest } from "./request.ts"
import { createTemplates } from "./templates.ts"

/** Hands a request to the integration of its method and makes the answer. Throws Refused. */
export async function integrate(host: Host, request: RoutedRequest): Promise<Answer> {
  const { integration } = request.restMethod
  if (integration === undefined) throw refusals.configuration("the method has no integration")
  if (integration.type === "AWS_PROXY") return askFunction(host, request, integration)
  const read = createMapping(host, request)
  if (integration.type === "HTTP_PROXY") return passOn(host, request, integration, read)
  const renderTemplate = createTemplates(host, request)
  const asked = integrationRequest(request, integration, read, renderTemplate)
  const result = await resultOf(host, request, integration, asked)
  return answerFrom(request, integration, result, read, renderTemplate)
}

function resultOf(
  host: Host,
  request: RoutedRequest,
  integration: RestIntegration,
  asked: IntegrationRequest,
): Result | Promise<Result> {
  if (integration.type === "MOCK") return mocked(String(asked.body))
  if (integration.type === "HTTP") return askServer(host, integration, asked)
  if (functionArnOf(integration.uri) !== undefined) return askWithPayload(host, request, integration, asked)
  return askAwsService(host, integration, asked)
}

/** The status in what the request template makes, which need not be strict JSON: CDK writes `{ statusCode: 200 }`. */
function mocked(body: string): Result {
  const status = /["']?statusCode["']?\s*:\s*["']?(\d{3})\b/.exec(body)?.[1]
  if (status === undefined) throw refusals.configuration("the request template of the mock makes no statusCode")
  return { status: Number(status), headers: new Map(), body: Buffer.alloc(0) }
}

/** A function that gets what the request template makes, and nothing else. */
async function askWithPayload(
  host: Host,
  request: RoutedRequest,
  integration: RestIntegration,
  asked: IntegrationRequest,
): Promise<Result> {
  const payload = payloadOf(String(asked.body))
  const headers = new Map([["Content-Type", ["application/json"]]])
  if (asked.headers["x-amz-invocation-type"] === "Event") {
    await queueEvent(host, request, integration, payload)
    return { status: 202, headers, body: Buffer.alloc(0) }
  }
  const result = await invokeFunction(host, request, integration, payload)
  const body = Buffer.from(JSON.stringify(result.payload ?? null))
  const errorMessage = result.functionError === undefined ? undefined : textOf(objectOf(result.payload).errorMessage)
  return { status: 200, headers, body, ...(errorMessage !== undefined && { errorMessage }) }
}

function payloadOf(body: string) {
  try {
    return body.trim() === "" ? {} : JSON.parse(body)
  } catch {
    throw refusals.configuration("what the request template makes for the function is no JSON")
  }
}
