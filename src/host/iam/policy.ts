import type { Json, JsonObject } from "../host.ts"
import { conditionsHold, type RequestContext, withVariables } from "./conditions.ts"
import { matchesPattern } from "./patterns.ts"

/** One statement of a policy document, its lists made uniform. */
export interface Statement {
  readonly sid: string | undefined
  readonly effect: "Allow" | "Deny"
  readonly actions: readonly string[]
  readonly notActions: readonly string[] | undefined
  readonly resources: readonly string[]
  readonly notResources: readonly string[] | undefined
  readonly principal: Json | undefined
  readonly notPrincipal: Json | undefined
  readonly conditions: Json | undefined
}

export interface ActionRequest {
  readonly action: string
  readonly resource: string
  readonly context: RequestContext
}

/** What a set of statements says; `statement` and `pattern` (the action as written) are what decided. */
export type Decision = { effect: "Allow" | "Deny"; statement: Statement; pattern: string } | { effect: "none" }

/** The statements of a policy document. */
export function statementsOf(document: JsonObject | undefined): Statement[] {
  return [document?.Statement ?? []].flat().flatMap(raw => {
    if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return []
    return {
      sid: typeof raw.Sid === "string" ? raw.Sid : undefined,
      effect: raw.Effect === "Deny" ? "Deny" : "Allow",
      actions: strings(raw.Action) ?? [],
      notActions: strings(raw.NotAction),
      resources: strings(raw.Resource) ?? [],
      notResources: strings(raw.NotResource),
      principal: raw.Principal,
      notPrincipal: raw.NotPrincipal,
      conditions: raw.Condition,
    }
  })
}

/** An explicit Deny wins over every Allow; with neither the decision is "none". */
export function evaluate(statements: readonly Statement[], request: ActionRequest): Decision {
  let allowed: Decision = { effect: "none" }
  for (const statement of statements) {
    if (statement.effect === "Allow" && allowed.effect === "Allow") continue
    const pattern = actionPattern(statement, request.action)
    if (pattern === undefined || !coversResource(statement, request)) continue
    if (!conditionsHold(statement.conditions, request.context)) continue
    if (statement.effect === "Deny") return { effect: "Deny", statement, pattern }
    allowed = { effect: "Allow", statement, pattern }
  }
  return allowed
}

/** The pattern of the statement that covers an action, or undefined. */
function actionPattern({ actions, notActions }: Statement, action: string): string | undefined {
  const covers = (pattern: string) => matchesPattern(pattern.toLowerCase(), action.toLowerCase())
  if (notActions === undefined) return actions.find(covers)
  return notActions.some(covers) ? undefined : `NotAction ${notActions.join(", ")}`
}

function coversResource({ resources, notResources }: Statement, { resource, context }: ActionRequest): boolean {
  const covers = (pattern: string) => matchesPattern(withVariables(pattern, context), resource)
  return notResources === undefined ? resources.some(covers) : !notResources.some(covers)
}

function strings(value: Json | undefined): string[] | undefined {
  return value === undefined ? undefined : [value].flat().map(String)
}
