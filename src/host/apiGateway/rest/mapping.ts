import type { Host, Json, JsonObject } from "../../host.ts"
import { requestContext } from "./context.ts"
import { jsonPath } from "./jsonPath.ts"
import { headerValues, type RoutedRequest } from "./request.ts"

/** What an integration answered. */
export interface Result {
  readonly status: number
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Buffer
  /** What is compared with selection patterns instead of the status: the message of a function that failed. */
  readonly errorMessage?: string
}

/** Reads expressions of parameter mappings, such as `method.request.path.id`, `context.requestId` or `'text'`. */
export function createMapping(host: Host, request: RoutedRequest) {
  return (expression: string, result?: Result): string | undefined => {
    const literal = /^'([\s\S]*)'$/.exec(expression)?.[1]
    if (literal !== undefined) return literal
    const [, source = "", rest = ""] =
      /^(method\.request|integration\.response|context|stageVariables)\.(.+)$/.exec(expression) ?? []
    const [kind = "", ...names] = rest.split(".")
    const name = names.join(".")
    if (source === "stageVariables") return request.stage.variables[rest]
    if (source === "context") return textAt(requestContext(host, request), rest)
    const from = source === "method.request" ? request : result
    if (from === undefined) return undefined
    if (kind === "header") return headerValues(from, name).at(-1)
    if (kind === "multivalueheader") return headerValues(from, name).join(",") || undefined
    if (kind === "body") return name === "" ? from.body.toString() : textAt(bodyOf(from.body), name)
    if (source !== "method.request") return undefined
    if (kind === "path") return request.parameters[name]
    if (kind === "querystring") return request.query.get(name)?.at(-1)
    return kind === "multivaluequerystring" ? request.query.get(name)?.join(",") : undefined
  }
}

export type ReadExpression = ReturnType<typeof createMapping>

/** The values of mappings whose names begin so, by the rest of their names. */
export function mapped(
  mappings: Readonly<Record<string, string>>,
  prefix: string,
  read: (expression: string) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(mappings).flatMap(([name, expression]) => {
      const value = name.startsWith(prefix) ? read(expression) : undefined
      return value === undefined ? [] : [[name.slice(prefix.length), value]]
    }),
  )
}

function textAt(value: Json, path: string): string | undefined {
  const found = jsonPath(value, path)
  if (found === undefined || found === null) return undefined
  return typeof found === "object" ? JSON.stringify(found) : String(found)
}

function bodyOf(body: Buffer): JsonObject | Json {
  try {
    return JSON.parse(body.toString())
  } catch {
    return {}
  }
}
