import { createHash, randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { z } from "zod"
import { readBody } from "../endpoint/body.ts"
import {
  AwsError,
  type Host,
  type InvokedBy,
  type InvokeResult,
  type JsonObject,
  type Principal,
  type ResourceProvider,
} from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { parseProperties } from "./function.ts"
import type { Functions } from "./functions.ts"
import { policyOf } from "./permissions.ts"

const UrlProperties = z.object({
  TargetFunctionArn: z.string(),
  AuthType: z.enum(["NONE", "AWS_IAM"]),
  Qualifier: z.string().optional(),
  InvokeMode: z
    .enum(["BUFFERED"], "this host answers a function URL as a whole: leave InvokeMode out or set BUFFERED")
    .optional(),
})

interface FunctionUrl {
  readonly id: string
  readonly functionArn: string
  readonly authType: "NONE" | "AWS_IAM"
}

type Invoke = (functionArn: string, payload: JsonObject, by: InvokedBy) => Promise<InvokeResult>

/** Function URLs, at `/lambda-url/<id>/` of the host. */
export interface FunctionUrls {
  readonly provider: ResourceProvider
  /** Answers a request when its path is a function URL's. */
  http(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean>
}

/** HTTP in front of functions: payload format 2.0, open to all or signed, as the resource policy of the function allows. */
export function createFunctionUrls(host: Host, functions: Functions, invoke: Invoke): FunctionUrls {
  const urls = new Map<string, FunctionUrl>()

  const authorize = async (
    { functionArn, authType }: FunctionUrl,
    request: IncomingMessage,
    url: URL,
    body: Buffer,
  ): Promise<Principal> => {
    const headers = joinedHeaders(request)
    const signed = { method: request.method ?? "GET", path: url.pathname, query: url.searchParams, headers, body }
    const principal: Principal = authType === "AWS_IAM" ? await host.iam.verify(signed) : { kind: "anonymous" }
    const action = "lambda:InvokeFunctionUrl"
    const context = { "lambda:FunctionUrlAuthType": authType, "lambda:InvokedViaFunctionUrl": "true" }
    const policy = policyOf(functions.find(functionArn).deployed)
    if (!host.iam.allowsByResourcePolicy(policy, { principal }, action, functionArn, context)) {
      host.iam.authorize(principal, action, functionArn, context)
    }
    return principal
  }

  const answer = async (found: FunctionUrl, request: IncomingMessage, url: URL): Promise<Answer> => {
    const body = await readBody(request)
    const principal = await authorize(found, request, url, body).catch(refusal)
    if ("status" in principal) return principal
    const event = eventOf(host, found, request, url, body, principal)
    const result = await invoke(found.functionArn, event, {}).catch(refusal)
    if ("status" in result) return result
    return result.functionError === undefined ? answerOf(result.payload) : internalError
  }

  return {
    provider: {
      honours: Object.keys(UrlProperties.shape),
      indifferent: ["Cors"],
      create: resource => {
        const properties = parseProperties(UrlProperties, resource)
        const { TargetFunctionArn: target, Qualifier, AuthType } = properties
        const { arn } = functions.find(Qualifier === undefined ? target : `${target}:${Qualifier}`)
        const id = createHash("sha256").update(arn).digest("hex").slice(0, 32)
        urls.set(id, { id, functionArn: arn, authType: AuthType })
        return { ref: arn, attributes: { FunctionArn: arn, FunctionUrl: `${host.url}/lambda-url/${id}/` } }
      },
    },

    http: async (request, response, url) => {
      const found = urls.get(/^\/lambda-url\/([0-9a-f]{32})(?:\/|$)/.exec(url.pathname)?.[1] ?? "")
      if (found === undefined) return false
      const { status, headers, body } = await answer(found, request, url)
      response.writeHead(status, { "x-amzn-requestid": randomUUID(), ...headers }).end(body)
      return true
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer | string
}

const internalError: Answer = { status: 502, headers: { "content-type": "text/plain" }, body: "Internal Server Error" }

const forbidden =
  "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"

/** Who may not call is told no more than that; a function that is busy answers 429. */
function refusal(error: unknown): Answer {
  if (!(error instanceof AwsError)) throw error
  const isBusy = error.code === "TooManyRequestsException"
  return {
    status: isBusy ? 429 : 403,
    headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
    body: JSON.stringify({ Message: isBusy ? error.message : forbidden }),
  }
}

function eventOf(
  host: Host,
  { id }: FunctionUrl,
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  principal: Principal,
): JsonObject {
  const { cookie, ...headers } = joinedHeaders(request)
  const now = host.clock.now()
  const path = url.pathname.replace(/^\/lambda-url\/[0-9a-f]+/, "") || "/"
  const names = [...new Set(url.searchParams.keys())]
  const isText = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded))|\+(json|xml)\b/
  const isBase64Encoded = body.length > 0 && !isText.test(headers["content-type"] ?? "text/plain")
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(names.length > 0 && {
      queryStringParameters: Object.fromEntries(names.map(name => [name, url.searchParams.getAll(name).join(",")])),
    }),
    requestContext: {
      accountId: principal.kind === "anonymous" ? "anonymous" : host.accountId,
      apiId: id,
      ...(principal.kind !== "anonymous" && {
        authorizer: { iam: { accountId: host.accountId, userArn: principal.arn } },
      }),
      domainName: url.host,
      domainPrefix: id,
      http: {
        method: request.method ?? "GET",
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        userAgent: headers["user-agent"] ?? null,
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: requestTime(now),
      timeEpoch: Math.floor(now),
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? "base64" : "utf8") }),
    isBase64Encoded,
  }
}

/** `12/Mar/2026:19:03:58 +0000`. */
function requestTime(epochMs: number): string {
  const [, day, month, year, time] = new Date(epochMs).toUTCString().split(" ")
  return `${day}/${month}/${year}:${time} +0000`
}

/** With a `statusCode` a result says everything; without one it is the JSON body. */
function answerOf(result: InvokeResult["payload"]): Answer {
  const given = objectOf(result)
  if (given.statusCode === undefined) {
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(result) }
  }
  const headers = Object.entries(objectOf(given.headers)).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    String(value),
  ])
  const cookies = listOf(given.cookies).map(String)
  const body = textOf(given.body) ?? (given.body === undefined ? "" : JSON.stringify(given.body))
  return {
    status: Number(given.statusCode),
    headers: {
      "content-type": "application/json",
      ...Object.fromEntries(headers),
      ...(cookies.length > 0 && { "set-cookie": cookies }),
    },
    body: given.isBase64Encoded === true ? Buffer.from(body, "base64") : body,
  }
}

function joinedHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(",") : value]],
    ),
  )
}
