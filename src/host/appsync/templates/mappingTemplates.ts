import type { CompiledCode } from "../runtime/compileCode.ts"
import { FieldFailure, isRecord, jsonCopy, type Run } from "../runtime/run.ts"
import type { Handler, Outcome } from "../runtime/sandbox.ts"
import { createExtensions } from "../runtime/surface/extensions.ts"
import { render } from "./render.ts"
import { directives, parseTemplate } from "./syntax.ts"
import { createTemplateUtil, silent } from "./templateUtil.ts"

/** What `#return` throws. */
class Returned extends Error {
  readonly value: unknown
  constructor(value: unknown) {
    super("#return")
    this.value = value
  }
}

/** The mapping templates of a resolver or function. */
export interface MappingTemplates {
  readonly request?: string
  readonly response?: string
}

/** Why this host cannot run the templates; undefined when it can. */
export function templateProblem(title: string, { request, response }: MappingTemplates): string | undefined {
  for (const [name, template] of Object.entries({ request, response })) {
    try {
      parseTemplate(template ?? "")
    } catch (error) {
      return `${title}: this host cannot read its ${name} mapping template: ${error instanceof Error ? error.message : error}`
    }
  }
  return undefined
}

/** Handlers from mapping templates in VTL, of which {@link templateProblem} knows no ill. */
export function compileTemplates({ request, response }: MappingTemplates): CompiledCode {
  // By the rules of the older version a failed data source ends the field before its response template.
  const failsAtOnce = request !== undefined && /"version"\s*:\s*"2017-02-28"/.test(request)
  return {
    ...(request !== undefined && { request: requestHandler(request) }),
    ...(response !== undefined && {
      response: responseHandler(response, failsAtOnce),
    }),
  }
}

function requestHandler(template: string): Handler {
  const renderWith = renderer(template)
  return (context, run) =>
    renderWith(JSON.parse(context), run, text => {
      if (text === "") throw mappingFailure("Template transformation yielded an empty response.")
      const value = parsed(text)
      return isRecord(value) ? { ...value, version: undefined } : value
    })
}

function responseHandler(template: string, failsAtOnce: boolean): Handler {
  const renderWith = renderer(template)
  return (context, run) => {
    const ctx = JSON.parse(context)
    return renderWith(
      ctx,
      run,
      text => (text === "" ? null : parsed(text)),
      () => {
        if (failsAtOnce && ctx.error) throw new FieldFailure({ message: ctx.error.message, errorType: ctx.error.type })
      },
    )
  }
}

/** A handler that gives the text which the template renders to, as EvaluateMappingTemplate does. */
export function textHandler(template: string): Handler {
  const renderWith = renderer(template)
  return (context, run) => renderWith(JSON.parse(context), run, text => text)
}

interface TemplateContext {
  readonly arguments: unknown
  readonly stash: unknown
}

type Render = (context: TemplateContext, run: Run, read: (text: string) => unknown, before?: () => void) => Outcome

function renderer(template: string): Render {
  const statements = parseTemplate(template)
  return (given, run, read, before) => {
    const ctx = { ...given, args: given.arguments }
    const util = createTemplateUtil(run)
    const variables = {
      ctx,
      context: ctx,
      util,
      utils: util,
      extensions: silent(createExtensions(() => run)),
      [directives]: {
        return: (value?: unknown) => {
          throw new Returned(value)
        },
      },
    }
    // What a template puts into the arguments the ones after it see, too: Amplify sets the owner of a new item so.
    const left = () => ({ stash: JSON.stringify(ctx.stash ?? {}), arguments: ctx.arguments })
    try {
      before?.()
      const value = read(render(statements, variables).trim())
      return { kind: "value", json: JSON.stringify(value), ...left() }
    } catch (thrown) {
      if (thrown instanceof Returned) {
        return { kind: "early", value: jsonCopy(fromText(thrown.value)), skipTo: undefined, ...left() }
      }
      const failure = thrown instanceof FieldFailure ? thrown : mappingFailure(String(thrown))
      return { kind: "error", error: failure.field, ...left() }
    }
  }
}

/** `#return` takes a value, or its JSON text, as Amplify's templates give it: `#return($util.toJson(null))`. */
function fromText(value: unknown): unknown {
  if (typeof value !== "string") return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw mappingFailure(`Unable to parse the JSON document: '${reason}'`)
  }
}

const mappingFailure = (message: string) => new FieldFailure({ message, errorType: "MappingTemplate" })
