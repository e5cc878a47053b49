import { AwsError, type JsonObject } from "../../host.ts"
import { templateProblem, textHandler } from "../templates/mappingTemplates.ts"
import { authModeOf } from "./authMode.ts"
import { checkCodes } from "./gate/checkCode.ts"
import type { CodeError } from "./gate/codeError.ts"
import { isRecord, newRun } from "./run.ts"
import { createSandbox, type Handler, type Outcome, type Sandbox } from "./sandbox.ts"

/** The answer of the control-plane call EvaluateCode; `evaluationResult`, `stash` and `outErrors` are JSON texts. */
export interface CodeEvaluation {
  readonly evaluationResult?: string
  readonly stash?: string
  readonly outErrors?: string
  readonly logs?: readonly string[]
  readonly error?: { readonly message: string; readonly codeErrors?: readonly CodeError[] }
}

let sandbox: Sandbox | undefined

/**
 * Runs one handler of a module with a context given as JSON text, as `aws appsync evaluate-code` does: nothing reaches a data
 * source. Throws AwsError BadRequestException when the context is not a JSON object or the module has no such function.
 */
export function evaluateCode(
  input: { readonly code: string; readonly context: string; readonly function?: string },
  now: () => number = Date.now,
): CodeEvaluation {
  const context = contextOf(input.context)
  const [checked] = checkCodes([input.code])
  if (checked === undefined || checked.errors.length > 0) {
    return { error: { message: "The code contains one or more errors.", codeErrors: checked?.errors ?? [] } }
  }
  sandbox ??= createSandbox()
  const name = input.function ?? "request"
  const handler = sandbox.load(checked)[name]
  if (handler === undefined) throw new AwsError("BadRequestException", `The code exports no function ${name}.`)
  return evaluationOf(handler, context, now)
}

/** Renders a mapping template with a context, as `aws appsync evaluate-mapping-template` does; the result is its text. */
export function evaluateTemplate(
  input: { readonly template: string; readonly context: string },
  now: () => number = Date.now,
): CodeEvaluation {
  const context = contextOf(input.context)
  const reason = templateProblem("The template", { request: input.template })
  if (reason !== undefined) return { error: { message: reason } }
  const evaluation = evaluationOf(textHandler(input.template), context, now)
  const text = evaluation.evaluationResult === undefined ? undefined : parse(evaluation.evaluationResult)
  return typeof text === "string" ? { ...evaluation, evaluationResult: text } : evaluation
}

function evaluationOf(handler: Handler, context: JsonObject, now: () => number): CodeEvaluation {
  const run = newRun(authModeOf(context.identity), now)
  const outcome = handler(JSON.stringify(context), run)
  return {
    ...resultOf(outcome),
    stash: outcome.stash,
    outErrors: JSON.stringify(run.errors),
    logs: run.logs,
  }
}

function contextOf(text: string): JsonObject {
  const parsed = parse(text)
  if (!isRecord(parsed)) throw new AwsError("BadRequestException", "The context must be a JSON object.")
  const { arguments: given, args, stash, ...rest } = parsed as JsonObject
  return { ...rest, arguments: given ?? args ?? {}, stash: stash ?? {}, env: rest.env ?? {} }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function resultOf(outcome: Outcome): CodeEvaluation {
  if (outcome.kind === "value") return { evaluationResult: outcome.json ?? "null" }
  if (outcome.kind === "early") return { evaluationResult: JSON.stringify(outcome.value) }
  return { error: { message: outcome.error.message } }
}
