import type { Answer } from "../answer.ts"
import { mapped, type ReadExpression, type Result } from "./mapping.ts"
import { refusals } from "./refusals.ts"
import type { IntegrationResponse, RestIntegration } from "./registry.ts"
import { headerOf, headerValues, isBinary, mediaType, type RoutedRequest } from "./request.ts"
import type { RenderTemplate } from "./templates.ts"

/** Makes the answer of a method from its integration's, by the response that is meant for it. Throws Refused. */
export function answerFrom(
  request: RoutedRequest,
  integration: RestIntegration,
  result: Result,
  read: ReadExpression,
  renderTemplate: RenderTemplate,
): Answer {
  const outcome = result.errorMessage ?? String(result.status)
  const response = select(integration.responses, outcome)
  if (response === undefined) throw refusals.configuration(`no integration response is meant for ${outcome}`)
  const { type, body, header, status } = bodyOf(request, response, result, renderTemplate)
  const headers = {
    ...mapped(response.parameters, "method.response.header.", expression => read(expression, result)),
    ...header,
  }
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return {
    status: status ?? response.statusCode,
    headers: { "content-type": type, ...Object.fromEntries(named) },
    body,
  }
}

/** The first whose pattern fits all of the text, else the one without a pattern. */
const select = (responses: readonly IntegrationResponse[], text: string): IntegrationResponse | undefined =>
  responses.find(({ selectionPattern }) => selectionPattern !== undefined && fits(selectionPattern, text)) ??
  responses.find(({ selectionPattern }) => selectionPattern === undefined)

function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern.replace(/^\(\?s\)/, "")})$`, pattern.startsWith("(?s)") ? "s" : "").test(text)
  } catch {
    return false
  }
}

function bodyOf(
  request: RoutedRequest,
  { templates, contentHandling }: IntegrationResponse,
  result: Result,
  renderTemplate: RenderTemplate,
) {
  const [accepted = ""] = (headerOf(request, "Accept") ?? "").split(",").map(mediaType)
  const names = Object.keys(templates)
  const name = [accepted, "application/json", ...names].find(one => names.includes(one))
  const template = templates[name ?? ""]
  const sent = headerValues(result, "Content-Type").at(-1)
  if (name === undefined || template === undefined || template === "") {
    const type = name ?? (result.errorMessage === undefined ? sent : undefined) ?? "application/json"
    return { type, body: passed(request, result, contentHandling), header: {}, status: undefined }
  }
  const { text, responseOverride } = renderTemplate(template, result.body.toString())
  const isBytes = contentHandling === "CONVERT_TO_BINARY"
  const { header, status } = responseOverride
  return { type: name, body: isBytes ? Buffer.from(text, "base64") : text, header, status }
}

/** The integration's body: bytes for who accepts binary types of the API, unless the response says what it is to become. */
function passed(request: RoutedRequest, { body, headers }: Result, contentHandling: string | undefined) {
  const isBytes = isBinary(request.api, headerValues({ headers }, "Content-Type").at(-1))
  if (contentHandling === "CONVERT_TO_BINARY") return isBytes ? body : Buffer.from(body.toString(), "base64")
  return contentHandling === "CONVERT_TO_TEXT" && isBytes ? body.toString("base64") : body
}
