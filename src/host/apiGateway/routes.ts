/** A route key, taken apart. */
export interface RoutePattern {
  /** `ANY` for every method. */
  readonly method: string
  /** Undefined: `$default`. */
  readonly segments: readonly string[] | undefined
}

const keyPattern = /^(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/\S*)$/

/** Reads a route key. Throws an Error that names one that no request can have. */
export function routePattern(key: string): RoutePattern {
  if (key === "$default") return { method: "ANY", segments: undefined }
  const [, method, path] = keyPattern.exec(key) ?? []
  if (method === undefined || path === undefined) throw new Error(`there is no route key ${key}`)
  return { method, segments: segmentsOf(path) }
}

/** A request's path parameters when the pattern fits it. */
function parametersOf(
  pattern: RoutePattern,
  method: string,
  path: readonly string[],
): Record<string, string> | undefined {
  if (pattern.method !== "ANY" && pattern.method !== method) return undefined
  if (pattern.segments === undefined) return {}
  const parameters: Record<string, string> = {}
  for (const [index, segment] of pattern.segments.entries()) {
    const greedy = /^\{([^{}+]+)\+\}$/.exec(segment)?.[1]
    if (greedy !== undefined) {
      const rest = path.slice(index).join("/")
      if (rest === "") return undefined
      parameters[greedy] = rest
      return parameters
    }
    const value = path[index]
    const name = /^\{([^{}+]+)\}$/.exec(segment)?.[1]
    if (value === undefined || (value === "" && segment !== "")) return undefined
    if (name !== undefined) parameters[name] = value
    else if (segment !== value) return undefined
  }
  return path.length === pattern.segments.length ? parameters : undefined
}

/**
 * The most specific route for a request: a full match before a greedy one before `$default`, fixed parts before variables, the
 * method before ANY. `read` decodes the parts of the path.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
 */
export function selectRoute<Route extends { readonly pattern: RoutePattern }>(
  routes: Iterable<Route>,
  method: string,
  path: string,
  read = decoded,
): { readonly route: Route; readonly parameters: Readonly<Record<string, string>> } | undefined {
  const asked = segmentsOf(path, read)
  const fitting = [...routes].flatMap(route => {
    const parameters = parametersOf(route.pattern, method, asked)
    return parameters === undefined ? [] : [{ route, parameters, rank: rankOf(route.pattern) }]
  })
  return fitting.sort((one, other) => (one.rank < other.rank ? -1 : 1))[0]
}

/** Sorts before that of a less specific pattern. */
const rankOf = ({ method, segments }: RoutePattern): string => {
  if (segments === undefined) return "z"
  const kinds = segments.map(segment => (segment.endsWith("+}") ? "2" : segment.startsWith("{") ? "1" : "0"))
  return `${kinds.includes("2") ? "1" : "0"}${kinds.join("")}${method === "ANY" ? "1" : "0"}`
}

const segmentsOf = (path: string, read = decoded): readonly string[] => path.split("/").slice(1).map(read)

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
