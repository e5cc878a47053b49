import type { Host } from "../../host.ts"
import type { Answer } from "../answer.ts"
import { createMapping, mapped } from "./mapping.ts"
import type { Refused } from "./refusals.ts"
import { headerOf, mediaType, type RoutedRequest } from "./request.ts"

/** The answer of a refused request, as the API words it or as API Gateway does. */
export function gatewayAnswer(host: Host, asked: RoutedRequest, refused: Refused): Answer {
  const { kind, status, errorType, authorizer } = refused
  const request = authorizer === undefined ? asked : { ...asked, authorizer }
  const { gatewayResponses } = request.api
  const response = gatewayResponses.get(kind) ?? gatewayResponses.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX")
  const headers = mapped(response?.parameters ?? {}, "gatewayresponse.header.", createMapping(host, request))
  const templates = response?.templates ?? {}
  const [accepted = ""] = (headerOf(request, "Accept") ?? "").split(",").map(mediaType)
  const names = Object.keys(templates)
  const type = [accepted, "application/json", ...names].find(name => names.includes(name)) ?? "application/json"
  const template = templates[type]
  return {
    status: response?.statusCode ?? status,
    headers: {
      "content-type": type,
      "x-amzn-errortype": errorType,
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
    body: template === undefined ? plain(refused) : filled(host, request, refused, template),
  }
}

/** As API Gateway writes it: a capital letter where access is denied, a space where something broke. */
function plain({ kind, status, text }: Refused): string {
  const name = kind === "ACCESS_DENIED" ? "Message" : "message"
  return `{"${name}":${status >= 500 && text !== null ? " " : ""}${JSON.stringify(text)}}`
}

/** A template of a gateway response knows `$context` and stage variables, and no directives. */
function filled(host: Host, request: RoutedRequest, { kind, text }: Refused, template: string): string {
  const read = createMapping(host, request)
  const error: Record<string, string> = {
    "context.error.message": text ?? "null",
    "context.error.messageString": JSON.stringify(text),
    "context.error.responseType": kind,
    "context.error.validationErrorString": "",
  }
  return template.replace(/\$(?:\{([\w.-]+)\}|([\w-]+(?:\.[\w-]+)*))/g, (_, braced, plainName) => {
    const name: string = braced ?? plainName
    return error[name] ?? read(name) ?? ""
  })
}
