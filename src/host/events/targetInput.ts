import type { Json, JsonObject } from "../host.ts"
import { atJsonPath } from "./jsonPath.ts"
import type { Rule, Target } from "./rule.ts"

/** What a target asks to be sent instead of the event: `Input`, `InputPath` or `InputTransformer`; the event itself otherwise. */
export function targetInput(target: Target, rule: Rule, event: JsonObject, ingestedAt: number): string {
  if (target.Input !== undefined) return target.Input
  if (target.InputPath !== undefined) return JSON.stringify(atJsonPath(event, target.InputPath) ?? null)
  if (target.InputTransformer === undefined) return JSON.stringify(event)
  const values = variables(target, rule, event, ingestedAt)
  return fillTemplate(target.InputTransformer.InputTemplate, "[\\w.-]+", name =>
    values.has(name) ? { value: values.get(name) } : undefined,
  )
}

function variables(target: Target, rule: Rule, event: JsonObject, ingestedAt: number): Map<string, Json | undefined> {
  const { detail: _, "detail-type": detailType, ...rest } = event
  const withoutDetail: JsonObject = { ...rest, ...(detailType !== undefined && { detailType }) }
  return new Map<string, Json | undefined>([
    ...Object.entries(target.InputTransformer?.InputPathsMap ?? {}).map(([name, path]): [string, Json | undefined] => [
      name,
      atJsonPath(event, path),
    ]),
    ["aws.events.rule-arn", rule.arn],
    ["aws.events.rule-name", rule.name],
    ["aws.events.event.ingestion-time", new Date(ingestedAt).toISOString()],
    ["aws.events.event", withoutDetail],
    ["aws.events.event.json", event],
  ])
}

const predefined = [
  "aws.events.rule-arn",
  "aws.events.rule-name",
  "aws.events.event.ingestion-time",
  "aws.events.event",
  "aws.events.event.json",
]

/** Name of the first placeholder of a target's template that no variable has. */
export function unknownPlaceholder({ InputTransformer }: Target): string | undefined {
  const known = [...predefined, ...Object.keys(InputTransformer?.InputPathsMap ?? {})]
  const names = [...(InputTransformer?.InputTemplate ?? "").matchAll(/<([\w.-]+)>/g)].map(([, name = ""]) => name)
  return names.find(name => !known.includes(name))
}

/**
 * Puts variables into a template: bare ones as JSON, ones inside a JSON string as text. A path without a value leaves an empty text.
 * `placeholder` is the pattern of what stands in `<…>`; what `lookUp` does not know stays as it is.
 */
export function fillTemplate(
  template: string,
  placeholder: string,
  lookUp: (name: string) => { readonly value: Json | undefined } | undefined,
): string {
  const pieces = new RegExp(`\\\\.|"|<${placeholder}>|[^"\\\\<]+|[\\s\\S]`, "g")
  let inString = false
  let filled = ""
  for (const [piece] of template.matchAll(pieces)) {
    if (piece === '"') inString = !inString
    const name = piece.length > 2 && piece.startsWith("<") ? piece.slice(1, -1) : undefined
    const known = name === undefined ? undefined : lookUp(name)
    if (known === undefined) filled += piece
    else filled += inString ? insideString(known.value) : bare(known.value)
  }
  return filled
}

function bare(value: Json | undefined): string {
  return JSON.stringify(value ?? "")
}

function insideString(value: Json | undefined): string {
  if (value === undefined) return ""
  if (typeof value === "string") return JSON.stringify(value).slice(1, -1)
  return JSON.stringify(value).replaceAll('"', "")
}
