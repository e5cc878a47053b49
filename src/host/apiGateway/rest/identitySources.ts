import type { Host } from "../../host.ts"
import { requestContext } from "./context.ts"
import { refusals } from "./refusals.ts"
import type { RestAuthorizer } from "./registry.ts"
import { headerOf, type RoutedRequest } from "./request.ts"

/** What an authorizer tells callers by. Throws Refused when a part of it is missing or not of the form that is asked for. */
export function identityOf(
  host: Host,
  request: RoutedRequest,
  { identitySources, validation }: RestAuthorizer,
): readonly string[] {
  const parts = identitySources.map(source => partOf(host, request, source))
  const isComplete = parts.every(part => part !== undefined && part !== "")
  if (!isComplete || validation?.test(parts[0] ?? "") === false) throw refusals.unauthorized()
  return parts.map(String)
}

function partOf(host: Host, request: RoutedRequest, source: string): string | undefined {
  const [, kind, name = ""] =
    /^(method\.request\.header|method\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? []
  if (kind === "method.request.header") return headerOf(request, name)
  if (kind === "method.request.querystring") return request.query.get(name)?.at(-1)
  if (kind === "stageVariables") return request.stage.variables[name]
  const context = requestContext(host, request)
  const value = kind === "context" ? at(context, name.split(".")) : undefined
  return value === undefined || value === null ? undefined : String(value)
}

const at = (value: unknown, [name, ...rest]: readonly string[]): unknown =>
  name === undefined
    ? value
    : typeof value === "object" && value !== null
      ? at(Reflect.get(value, name), rest)
      : undefined
