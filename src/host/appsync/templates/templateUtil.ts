import { FieldFailure, isRecord, jsonCopy, type Run } from "../runtime/run.ts"
import { createUtil } from "../runtime/surface/util.ts"
import { isNothing, javaText, nothing, printedAsJson } from "./javaMembers.ts"

const isEmpty = (value: unknown): boolean => isNothing(value) || value === ""
const isBlank = (value: unknown): boolean => isNothing(value) || (typeof value === "string" && value.trim() === "")
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const members = (value: unknown) => Object.entries(isRecord(value) ? value : {})

/** `$util` of templates: what APPSYNC_JS has, and what only templates need. */
export function createTemplateUtil(run: Run) {
  const util = createUtil(() => run)
  const { addResponseHeader, addResponseHeaders, copyHeaders } = util.http
  const copied = (...given: Parameters<typeof copyHeaders>) => {
    const headers = copyHeaders(...given)
    if (isRecord(headers)) printedAsJson.add(headers)
    return headers
  }
  const jsonMakers = Object.entries(util.dynamodb).filter(([name]) => name.startsWith("to"))
  return {
    ...util,
    qr: () => nothing,
    quiet: () => nothing,
    log: { info: logger(run, "INFO"), error: logger(run, "ERROR") },
    http: { ...silent({ addResponseHeader, addResponseHeaders }), copyHeaders: copied },
    rds: { ...util.rds, toJsonString: (response: unknown) => JSON.stringify(util.rds.toJsonObject(response)) },
    str: {
      ...util.str,
      toUpper: (text: string) => text.toUpperCase(),
      toLower: (text: string) => text.toLowerCase(),
      toReplace: (text: string, part: string, by: string) => text.replaceAll(part, () => by),
    },
    toJson: (value: unknown) => JSON.stringify(value ?? null),
    parseJson: (text: string): unknown => JSON.parse(text),
    isNull: isNothing,
    isNullOrEmpty: isEmpty,
    isNullOrBlank: isBlank,
    defaultIfNull: (value: unknown, otherwise: unknown) => (isNothing(value) ? otherwise : value),
    defaultIfNullOrEmpty: (value: unknown, otherwise: unknown) => (isEmpty(value) ? otherwise : value),
    defaultIfNullOrBlank: (value: unknown, otherwise: unknown) => (isBlank(value) ? otherwise : value),
    isString: (value: unknown) => typeof value === "string",
    isNumber: (value: unknown) => typeof value === "number",
    isBoolean: (value: unknown) => typeof value === "boolean",
    isList: (value: unknown) => Array.isArray(value),
    isMap: isRecord,
    typeOf,
    validate: (holds: unknown, message: unknown, errorType: unknown, data: unknown) => {
      if (holds === true) return nothing
      const type = typeof errorType === "string" ? errorType : "CustomTemplateException"
      throw new FieldFailure({ message: String(message), errorType: type, data: jsonCopy(data) })
    },
    appendError: (...parts: Parameters<typeof util.appendError>) => {
      util.appendError(...parts)
      return nothing
    },
    dynamodb: {
      ...util.dynamodb,
      ...Object.fromEntries(
        jsonMakers.map(([name, make]) => [
          name === "toDynamoDB" ? "toDynamoDBJson" : `${name}Json`,
          (...given: unknown[]) => JSON.stringify(Reflect.apply(make, undefined, given)),
        ]),
      ),
    },
    list: {
      copyAndRetainAll: (from: unknown, kept: unknown) => list(from).filter(one => list(kept).includes(one)),
      copyAndRemoveAll: (from: unknown, removed: unknown) => list(from).filter(one => !list(removed).includes(one)),
    },
    map: {
      copyAndRetainAllKeys: (from: unknown, kept: unknown) =>
        Object.fromEntries(members(from).filter(([name]) => list(kept).includes(name))),
      copyAndRemoveAllKeys: (from: unknown, removed: unknown) =>
        Object.fromEntries(members(from).filter(([name]) => !list(removed).includes(name))),
    },
  }
}

/** `$util.log`: each `{}` of a first text is replaced by the text of the next value. */
const logger =
  (run: Run, level: "INFO" | "ERROR") =>
  (first: unknown, ...values: unknown[]): string => {
    const left = [...values]
    const text = javaText(first).replaceAll("{}", place => (left.length > 0 ? javaText(left.shift()) : place))
    run.logs.push(`${level} - ${text}`)
    return nothing
  }

type Action = (...given: never[]) => void

/** Functions that return nothing, as a template calls them. */
export const silent = (actions: Readonly<Record<string, Action>>) =>
  Object.fromEntries(
    Object.entries(actions).map(([name, act]) => [
      name,
      (...given: unknown[]) => {
        Reflect.apply(act, undefined, given)
        return nothing
      },
    ]),
  )

function typeOf(value: unknown): string {
  if (isNothing(value)) return "Null"
  if (Array.isArray(value)) return "List"
  if (isRecord(value)) return "Map"
  const names: Record<string, string> = { string: "String", number: "Number", boolean: "Boolean" }
  return names[typeof value] ?? "Object"
}
