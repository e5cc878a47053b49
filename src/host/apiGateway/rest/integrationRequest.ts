import { mapped, type ReadExpression } from "./mapping.ts"
import { refusals } from "./refusals.ts"
import type { RestIntegration } from "./registry.ts"
import { headerOf, isBinary, mediaType, type RoutedRequest } from "./request.ts"
import { withVariables } from "./stageVariables.ts"
import type { RenderTemplate } from "./templates.ts"

/** What goes to an integration that is no proxy. */
export interface IntegrationRequest {
  readonly method: string
  readonly uri: string
  readonly query: Readonly<Record<string, string>>
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** Makes the request to an integration by its parameter mappings and the template for the content type. Throws Refused. */
export function integrationRequest(
  request: RoutedRequest,
  integration: RestIntegration,
  read: ReadExpression,
  renderTemplate: RenderTemplate,
): IntegrationRequest {
  const rendered = bodyOf(request, integration, renderTemplate)
  const part = (kind: "header" | "querystring" | "path") => ({
    ...mapped(integration.parameters, `integration.request.${kind}.`, read),
    ...rendered.overrides?.[kind],
  })
  const { httpMethod } = integration
  return {
    method: httpMethod === undefined || httpMethod === "ANY" ? request.method : httpMethod,
    uri: uriOf(request, integration, part("path")),
    query: part("querystring"),
    headers: lowerCase({
      "content-type": headerOf(request, "Content-Type") ?? "application/json",
      ...lowerCase(part("header")),
    }),
    body: rendered.body,
  }
}

/** The URI with stage variables and `{parameters}` filled in. */
export const uriOf = (
  { stage }: RoutedRequest,
  { uri }: RestIntegration,
  path: Readonly<Record<string, string>>,
): string =>
  withVariables(uri, stage.variables).replace(/\{([^{}+]+)\+?\}/g, (whole, name: string) => path[name] ?? whole)

const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

function bodyOf(request: RoutedRequest, integration: RestIntegration, renderTemplate: RenderTemplate) {
  const { templates, passthrough, contentHandling } = integration
  const contentType = headerOf(request, "Content-Type")
  const isBytes = isBinary(request.api, contentType)
  const text = request.body.toString(isBytes ? "base64" : "utf8")
  const template = templates[mediaType(contentType ?? "application/json")] ?? templates.$default
  if (template === undefined) {
    const hasTemplates = Object.keys(templates).length > 0
    if (passthrough === "NEVER" || (passthrough === "WHEN_NO_TEMPLATES" && hasTemplates))
      throw refusals.unsupportedMediaType()
    const isWanted = contentHandling === "CONVERT_TO_BINARY" || (isBytes && contentHandling !== "CONVERT_TO_TEXT")
    return { body: isWanted ? (isBytes ? request.body : Buffer.from(text, "base64")) : text, overrides: undefined }
  }
  const { text: made, requestOverride } = renderTemplate(template, text)
  return {
    body: contentHandling === "CONVERT_TO_BINARY" ? Buffer.from(made, "base64") : made,
    overrides: requestOverride,
  }
}
