import { createRequire } from "node:module"
import { signRequest } from "../../endpoint/signRequest.ts"
import type { Host, JsonObject } from "../../host.ts"
import { fetched, sent } from "./httpIntegration.ts"
import type { IntegrationRequest } from "./integrationRequest.ts"
import type { Result } from "./mapping.ts"
import { refusals } from "./refusals.ts"
import type { RestIntegration } from "./registry.ts"
import { sqsCall } from "./sqsCall.ts"

/** A call of an AWS service, as an integration's URI names it. */
interface ServiceUri {
  readonly service: string
  readonly kind: "path" | "action"
  readonly rest: string
}

/** What X-Amz-Target begins with, of services that speak AWS JSON. */
const targets: Record<string, string> = {
  dynamodb: "DynamoDB_20120810",
  events: "AWSEvents",
  firehose: "Firehose_20150804",
  kinesis: "Kinesis_20131202",
  kms: "TrentService",
  logs: "Logs_20140328",
  secretsmanager: "secretsmanager",
  ssm: "AmazonSSM",
  states: "AWSStepFunctions",
}

/** Sends a call to an AWS service of this host, signed by the integration's role. Throws Refused. */
export async function askAwsService(
  host: Host,
  integration: RestIntegration,
  asked: IntegrationRequest,
): Promise<Result> {
  const uri = serviceOf(asked.uri)
  if (uri === undefined) throw refusals.configuration(`this host cannot read the URI ${asked.uri}`)
  if (integration.credentials === undefined) throw refusals.configuration(`${asked.uri} needs a role as Credentials`)
  const call = uri.service === "sqs" ? sqsCall(host, asked, uri) : undefined
  const { url, method, headers, body } = call ?? plainCall(host, asked, uri)
  const credentials = host.iam.credentialsFor(integration.credentials, "BackplaneAssumeRoleSession")
  const service = uri.service === "email" ? "ses" : uri.service
  const signed = await signRequest({ method, url, headers, body }, credentials, host.region, service)
  const result = await fetched(host, integration, url, {
    method,
    headers: signed,
    ...(body !== undefined && { body: sent(body) }),
  })
  if (call !== undefined) return call.answer(result)
  return service === "s3" ? result : inJson(result, asked.headers.accept)
}

function serviceOf(uri: string): ServiceUri | undefined {
  const [, service, kind, rest = ""] = /^arn:[^:]+:apigateway:[^:]+:([^:/]+):(path|action)\/(.*)$/s.exec(uri) ?? []
  if (service === undefined || kind === undefined) return undefined
  return { service, kind: kind === "path" ? "path" : "action", rest }
}

function plainCall(host: Host, asked: IntegrationRequest, { service, kind, rest }: ServiceUri) {
  const url = new URL(kind === "path" ? `${host.url}/${rest.replace(/^\/+/, "")}` : host.url)
  for (const [name, value] of Object.entries(asked.query)) url.searchParams.set(name, value)
  const prefix = targets[service]
  const target = kind === "action" && prefix !== undefined ? { "x-amz-target": `${prefix}.${rest}` } : {}
  if (kind === "action" && prefix === undefined) url.searchParams.set("Action", rest)
  const hasBody = asked.method !== "GET" && asked.method !== "HEAD"
  return { url, method: asked.method, headers: { ...target, ...asked.headers }, body: hasBody ? asked.body : undefined }
}

/** Services that speak XML answer API Gateway in JSON, which it accepts unless a mapping says otherwise. */
function inJson(result: Result, accept = "application/json"): Result {
  if (!result.body.toString("utf8", 0, 1).startsWith("<") || !accept.includes("json")) return result
  const { XMLParser }: typeof import("fast-xml-parser") = createRequire(import.meta.url)("fast-xml-parser")
  const xml = new XMLParser({ ignoreAttributes: true, ignoreDeclaration: true, parseTagValue: false })
  const document: JsonObject = xml.parse(result.body.toString())
  return {
    ...result,
    headers: new Map([...result.headers, ["content-type", ["application/json"]]]),
    body: Buffer.from(JSON.stringify(document)),
  }
}
