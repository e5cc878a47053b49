import { printedAsJson } from "../../appsync/templates/javaMembers.ts"
import { render } from "../../appsync/templates/render.ts"
import { parseTemplate } from "../../appsync/templates/syntax.ts"
import type { Host, Json, JsonObject } from "../../host.ts"
import { objectOf } from "../../json.ts"
import { requestContext } from "./context.ts"
import { jsonPath } from "./jsonPath.ts"
import { refusals } from "./refusals.ts"
import { lastValues, type RoutedRequest } from "./request.ts"

/** What templates may set of a request or an answer. */
export interface Overrides {
  readonly header: Record<string, string>
  readonly querystring: Record<string, string>
  readonly path: Record<string, string>
  readonly status: number | undefined
}

export interface Rendered {
  readonly text: string
  readonly requestOverride: Overrides
  readonly responseOverride: Overrides
}

/** Renders mapping templates of a request: the context that one template changes the later ones see. */
export function createTemplates(host: Host, request: RoutedRequest) {
  const empty = () => ({ header: {}, querystring: {}, path: {} })
  const context: JsonObject = {
    ...requestContext(host, request),
    requestOverride: empty(),
    responseOverride: empty(),
  }

  /** Throws Refused for a template that cannot be read or run. */
  return (template: string, body: string): Rendered => {
    const variables = {
      context,
      input: inputOf(request, body),
      stageVariables: { ...request.stage.variables },
      util,
    }
    const text = rendered(template, variables)
    return {
      text,
      requestOverride: overridesOf(context.requestOverride),
      responseOverride: overridesOf(context.responseOverride),
    }
  }
}

function rendered(template: string, variables: Record<string, unknown>): string {
  try {
    return render(parseTemplate(quiet(template)), variables)
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n", 1)
    throw refusals.configuration(`a mapping template fails: ${reason}`)
  }
}

/** What API Gateway's own variables do not hold prints as nothing; Velocity would print the reference as it is written. */
const quiet = (template: string): string =>
  template.replace(/(#set\s*\(\s*)?\$(?=\{?(?:context|stageVariables|input|util)\b)/g, (written, assigned) =>
    assigned === undefined ? "$!" : written,
  )

export type RenderTemplate = ReturnType<typeof createTemplates>

function overridesOf(value: Json | undefined): Overrides {
  const given = objectOf(value)
  const texts = (name: string) =>
    Object.fromEntries(Object.entries(objectOf(given[name])).map(([key, one]) => [key, String(one)]))
  const status = Number(given.status)
  return {
    header: texts("header"),
    querystring: texts("querystring"),
    path: texts("path"),
    status: Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined,
  }
}

/** `$input`. */
function inputOf(request: RoutedRequest, body: string) {
  const at = (path: unknown): Json => {
    const found = jsonPath(parsed(body), String(path))
    return found === undefined ? "" : found
  }
  const kinds = {
    path: parameters({ ...request.parameters }),
    querystring: parameters(lastValues(request.query)),
    header: parameters(lastValues(request.headers)),
  }
  return {
    body: body === "" ? "{}" : body,
    json: (path: unknown) => JSON.stringify(at(path)),
    path: (path: unknown) => withJsonLists(at(path)),
    params: (name?: unknown): unknown => {
      if (typeof name !== "string") return kinds
      const kind = Object.values(kinds).find(values => values.get(name) !== "")
      return kind?.get(name) ?? ""
    },
  }
}

/** An empty body counts as an empty object, and one that is no JSON as a text. */
function parsed(body: string): Json {
  try {
    return body.trim() === "" ? {} : JSON.parse(body)
  } catch {
    return body
  }
}

type Parameters = Record<string, string> & { get(name: unknown): string }

/** Parameters by name, whose `get` minds no case and gives an empty text for one that is not there. */
function parameters(values: Record<string, string>): Parameters {
  const get = (name: unknown): string => {
    const lower = String(name).toLowerCase()
    return values[String(name)] ?? Object.entries(values).find(([known]) => known.toLowerCase() === lower)?.[1] ?? ""
  }
  return Object.defineProperty(values, "get", { value: get, enumerable: false }) as Parameters
}

/** Lists of a body print as JSON, maps as Java prints them. */
function withJsonLists<Value extends Json>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) printedAsJson.add(value)
  for (const member of Object.values(value)) withJsonLists(member)
  return value
}

const util = {
  escapeJavaScript: (value: unknown) => escaped(String(value ?? "")),
  parseJson: (text: unknown): Json => withJsonLists(JSON.parse(String(text))),
  urlEncode: (text: unknown) =>
    encodeURIComponent(String(text))
      .replaceAll("%20", "+")
      .replace(/[!'()~]/g, inPercent),
  urlDecode: (text: unknown) => decodeURIComponent(String(text).replaceAll("+", " ")),
  base64Encode: (value: unknown) => Buffer.from(String(value)).toString("base64"),
  base64Decode: (text: unknown) => Buffer.from(String(text), "base64").toString("utf8"),
}

const inPercent = (letter: string) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`

const shortEscapes: Record<string, string> = { "\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f" }

/** As Java's `escapeJavaScript`, which also escapes single quotes. */
const escaped = (text: string): string =>
  text
    .replace(/[\\"']/g, letter => `\\${letter}`)
    .replace(/[^\x20-\x7e]/g, letter => {
      const short = shortEscapes[letter]
      return short !== undefined
        ? `\\${short}`
        : `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`
    })
