import { randomUUID } from "node:crypto"
import { type IncomingMessage, type ServerResponse, validateHeaderName, validateHeaderValue } from "node:http"
import { readBody } from "../../endpoint/body.ts"
import type { Host, Service } from "../../host.ts"
import type { Answer } from "../answer.ts"
import { checkKey } from "./apiKeys.ts"
import { createAuthorize } from "./authorize.ts"
import { extendedId } from "./context.ts"
import { createControlPlane } from "./controlPlane.ts"
import { gatewayAnswer } from "./gatewayAnswer.ts"
import { integrate } from "./integrate.ts"
import { Refused, refusals } from "./refusals.ts"
import type { RestApi, RestMethod, RestRegistry } from "./registry.ts"
import { headersOf, queryOf, type RestRequest, type RoutedRequest } from "./request.ts"
import { restResources } from "./resources.ts"
import { route } from "./routing.ts"
import { validate } from "./validate.ts"

const ownPath = /^\/_apis\/([a-z0-9]+)(\/.*)?$/
const ownHost = /^([a-z0-9]+)\.execute-api\./
const bodyBytesMax = 10 * 1024 * 1024

/** REST APIs of API Gateway: each stage at `/_apis/<id>/<stage>`, and for the host name `<id>.execute-api.…` at `/<stage>`. */
export function createRestApiService(host: Host): Service & { readonly endpoint: () => string | undefined } {
  const registry: RestRegistry = { apis: new Map(), keys: new Map(), plans: new Map() }
  const authorize = createAuthorize(host)

  const find = (incoming: IncomingMessage): { api: RestApi; path: string } | undefined => {
    const path = rawPath(incoming)
    const [, id, rest = "/"] = ownPath.exec(path) ?? []
    const byPath = registry.apis.get(id ?? "")
    if (byPath !== undefined) return { api: byPath, path: rest }
    const byHost = registry.apis.get(ownHost.exec(incoming.headers.host ?? "")?.[1] ?? "")
    return byHost === undefined ? undefined : { api: byHost, path }
  }

  const answer = async (request: RestRequest, isTooLarge: boolean): Promise<Answer> => {
    let routed: RoutedRequest = { ...request, ...nowhere(request) }
    try {
      if (!request.api.stages.has(request.stageName)) throw refusals.unknownStage()
      if (isTooLarge) throw refusals.tooLarge()
      const found = route(request.api, request.method, request.path)
      if (found === undefined) throw refusals.unknownMethod()
      routed = { ...request, ...found }
      routed = checkKey(registry, await authorize(routed))
      validate(routed)
      return sendable(await integrate(host, routed))
    } catch (error) {
      const isRefused = error instanceof Refused
      const refused = isRefused ? error : refusals.configuration(error instanceof Error ? error.message : String(error))
      const { reason } = refused
      if (reason !== undefined) host.log.warn("api", `${request.method} ${request.path}: ${reason}`)
      return gatewayAnswer(host, routed, refused)
    }
  }

  const serve = async (api: RestApi, path: string, incoming: IncomingMessage, response: ServerResponse, url: URL) => {
    const [, stageName = ""] = path.split("/", 2)
    const domainName = `${api.id}.execute-api.${host.region}.amazonaws.com`
    const sourceIp = incoming.socket.remoteAddress ?? "127.0.0.1"
    // Undefined when it is larger than the host takes.
    const body = await readBody(incoming).catch(() => undefined)
    const request: RestRequest = {
      api,
      stageName,
      stage: api.stages.get(stageName) ?? { variables: {}, deploymentId: "" },
      method: incoming.method ?? "GET",
      path: path.slice(stageName.length + 1) || "/",
      query: queryOf(url.searchParams),
      headers: headersOf(incoming, domainName, sourceIp),
      body: body ?? Buffer.alloc(0),
      domainName,
      sourceIp,
      requestId: randomUUID(),
      at: Math.floor(host.clock.now()),
      sent: sentOf(incoming, url, path),
    }
    const { status, headers, body: text } = await answer(request, body === undefined || body.length > bodyBytesMax)
    response.writeHead(status, {
      ...headers,
      "x-amzn-requestid": request.requestId,
      "x-amz-apigw-id": extendedId(request.requestId),
      "content-length": String(Buffer.byteLength(text)),
    })
    response.end(request.method === "HEAD" ? undefined : text)
  }

  return {
    name: "restApis",
    signingNames: ["apigateway"],
    handle: createControlPlane(host, registry),
    resources: restResources(host, registry),
    endpoint: () => {
      const [api] = registry.apis.values()
      const [stageName] = api?.stages.keys() ?? []
      return api === undefined || stageName === undefined ? undefined : `${host.url}/_apis/${api.id}/${stageName}`
    },
    start: () => {
      for (const { id, name, stages } of registry.apis.values())
        for (const stageName of stages.keys())
          host.log.info("api", `REST API ${name}: ${host.url}/_apis/${id}/${stageName}`)
    },
    ownsCors: incoming => find(incoming) !== undefined,
    http: async (incoming, response, url) => {
      const found = find(incoming)
      if (found === undefined) return false
      await serve(found.api, found.path, incoming, response, url)
      return true
    },
  }
}

/** The answer when HTTP can carry it. Throws Refused for names and values that no header may have. */
function sendable(answer: Answer): Answer {
  try {
    for (const [name, value] of Object.entries(answer.headers)) {
      validateHeaderName(name)
      for (const one of [value].flat()) validateHeaderValue(name, one)
    }
  } catch {
    throw refusals.malformedAnswer("HTTP cannot carry a header of the answer")
  }
  return answer.status === 204 || answer.status === 304 ? { ...answer, body: "" } : answer
}

const rawPath = (incoming: IncomingMessage): string => (incoming.url ?? "/").split("?", 1)[0] ?? "/"

/** Before a request has found its method, its answer knows the request alone. */
function nowhere({ path, method }: RestRequest): Pick<RoutedRequest, "resource" | "restMethod" | "parameters"> {
  const restMethod: RestMethod = {
    httpMethod: method,
    authorization: "NONE",
    authorizerId: undefined,
    scopes: [],
    needsKey: false,
    validatorId: undefined,
    requiredParameters: [],
    models: {},
    integration: undefined,
  }
  return { resource: { id: "", path }, restMethod, parameters: {} }
}

/** What a function sends by `fetch` to the API's own address comes by another path, and says so. */
function sentOf(incoming: IncomingMessage, url: URL, path: string): RestRequest["sent"] {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(",") : value]],
    ),
  )
  const forwarded = headers["x-forwarded-host"]
  const isForwarded = forwarded !== undefined && ownHost.test(forwarded)
  return {
    path: isForwarded ? path : rawPath(incoming),
    query: url.searchParams,
    headers: isForwarded ? { ...headers, host: forwarded } : headers,
  }
}
