import type { IncomingMessage, ServerResponse } from "node:http"
import { readBody } from "../endpoint/body.ts"
import type { Host, Service } from "../host.ts"
import { type Answer, answerOf, ownAnswer } from "./answer.ts"
import { createAuthorize, routeArn } from "./authorize.ts"
import { corsHeaders, isPreflight, preflightHeaders } from "./cors.ts"
import type { HttpApi } from "./registry.ts"
import { type ApiRequest, apiRequest, bodyOf, eventOf } from "./request.ts"
import { apiGatewayResources } from "./resources.ts"
import { selectRoute } from "./routes.ts"
import { withinTime } from "./timeLimit.ts"

const ownPath = /^\/_apis\/([a-z0-9]+)(\/.*)?$/
const ownHost = /^([a-z0-9]+)\.execute-api\./
const defaultStage = "$default"
const bodyBytesMax = 10 * 1024 * 1024

const refusals = { 401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error" } as const

/**
 * HTTP APIs of API Gateway: at `/_apis/<id>`, for the host name `<id>.execute-api.…`, and, for the template's only API, at the
 * paths of its routes on the host itself.
 */
export function createApiGatewayService(host: Host): Service & { readonly endpoint: () => string | undefined } {
  const apis = new Map<string, HttpApi>()
  const authorize = createAuthorize(host)
  const endpointOf = ({ id }: HttpApi) => `${host.url}/_apis/${id}`

  const find = (incoming: IncomingMessage, url: URL): { api: HttpApi; path: string } | undefined => {
    const [, id = "", rest = "/"] = ownPath.exec(url.pathname) ?? []
    const named = apis.get(id === "" ? (ownHost.exec(incoming.headers.host ?? "")?.[1] ?? "") : id)
    if (named !== undefined) return { api: named, path: id === "" ? url.pathname : rest }
    const [only, ...others] = apis.values()
    if (only === undefined || others.length > 0 || !only.stages.has(defaultStage)) return undefined
    const explicit = [...only.routes.values()].filter(({ pattern }) => pattern.segments !== undefined)
    const method = isPreflight(incoming) ? incoming.headers["access-control-request-method"] : incoming.method
    const isRoute = selectRoute(explicit, method ?? "GET", url.pathname) !== undefined
    return isRoute ? { api: only, path: url.pathname } : undefined
  }

  const answer = async (request: ApiRequest, pathInStage: string): Promise<Answer> => {
    const { api, method } = request
    const found = selectRoute(api.routes.values(), method, pathInStage)
    if (found === undefined) return ownAnswer(404, "Not Found")
    const { route, parameters } = found
    const admission = await authorize(request, route, parameters)
    if ("refused" in admission) return ownAnswer(admission.refused, refusals[admission.refused])
    const integration = api.integrations.get(route.integrationId)
    if (integration === undefined) return ownAnswer(500, refusals[500])
    const event = eventOf(host, request, route.key, parameters)
    const context = event.requestContext as object
    const asked = {
      ...event,
      ...bodyOf(request),
      requestContext: {
        ...context,
        ...(admission.authorizer === undefined ? {} : { authorizer: admission.authorizer }),
      },
    }
    const by = { service: "apigateway.amazonaws.com", sourceArn: routeArn(host, request, route) }
    const invocation = host.lambda.invoke(integration.functionArn, asked, by).catch(error => {
      host.log.warn("api", `${method} ${request.path}: ${error instanceof Error ? error.message : error}`)
      return undefined
    })
    const result = await withinTime(host, integration.timeoutMs, invocation)
    if (result === "late") return ownAnswer(503, "Service Unavailable")
    if (result === undefined || result.functionError !== undefined) return ownAnswer(500, refusals[500])
    return answerOf(result.payload) ?? ownAnswer(500, refusals[500])
  }

  const serve = async (api: HttpApi, path: string, incoming: IncomingMessage, response: ServerResponse, url: URL) => {
    const { origin } = incoming.headers
    const [, first = ""] = path.split("/")
    const stage = api.stages.has(first) ? first : defaultStage
    const body = await readBody(incoming)
    const send = ({ status, headers, body: text }: Answer) => {
      const own = { "apigw-requestid": request.requestId, "content-length": String(Buffer.byteLength(text)) }
      response.writeHead(status, { ...headers, ...corsHeaders(api.cors, origin), ...own })
      response.end(incoming.method === "HEAD" ? undefined : text)
    }
    const request = apiRequest(api, stage, path, incoming, url, body)
    if (!api.stages.has(stage)) return send(ownAnswer(404, "Not Found"))
    if (body.length > bodyBytesMax) return send(ownAnswer(413, "Request Entity Too Large"))
    if (api.cors !== undefined && isPreflight(incoming))
      return send({ status: 204, headers: preflightHeaders(api.cors), body: "" })
    send(await answer(request, stage === defaultStage ? path : path.slice(first.length + 1) || "/"))
  }

  return {
    name: "apigateway",
    signingNames: [],
    resources: apiGatewayResources(host, apis, endpointOf),
    endpoint: () => {
      const [first, ...others] = apis.values()
      if (first === undefined) return undefined
      return others.length === 0 && first.stages.has(defaultStage) ? host.url : endpointOf(first)
    },
    ownsCors: (incoming, url) => find(incoming, url) !== undefined,
    http: async (incoming, response, url) => {
      const found = find(incoming, url)
      if (found === undefined) return false
      await serve(found.api, found.path, incoming, response, url)
      return true
    },
  }
}
