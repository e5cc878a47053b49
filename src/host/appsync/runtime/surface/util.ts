import { randomInt, randomUUID } from "node:crypto"
import type { AuthMode } from "../../contract.ts"
import { FieldFailure, JavaException, jsonCopy, type Run } from "../run.ts"
import { dynamodb } from "./attributeValues.ts"
import { filterExpression } from "./filterExpression.ts"
import { http } from "./http.ts"
import { ksuid, ulid } from "./ids.ts"
import { matches } from "./javaRegex.ts"
import { toJsonObject } from "./rds/rows.ts"
import { toSearchQuery } from "./searchQuery.ts"
import { toSubscriptionFilter } from "./subscriptionFilter.ts"
import { time } from "./time.ts"
import { xml } from "./xml.ts"

const authTypes: Record<AuthMode, string> = {
  API_KEY: "API Key Authorization",
  AWS_IAM: "IAM Authorization",
  AMAZON_COGNITO_USER_POOLS: "User Pool Authorization",
  OPENID_CONNECT: "Open ID Connect Authorization",
  AWS_LAMBDA: "Lambda Authorization",
}

/** The global `util`; `run` gives the field run whose handler is being called. */
export const createUtil = (run: () => Run) => ({
  escapeJavaScript,
  urlEncode: (value: string) => new URLSearchParams([["", value]]).toString().slice(1),
  urlDecode,
  base64Encode: (value: string) => Buffer.from(value, "utf8").toString("base64"),
  base64Decode: (value: string) => Buffer.from(value, "base64").toString("utf8"),
  autoId: () => randomUUID(),
  autoUlid: () => ulid(Math.floor(run().now())),
  autoKsuid: () => ksuid(run().now()),
  unauthorized: () => {
    const { field } = run()
    const message = field && `Not Authorized to access ${field.fieldName} on type ${field.parentType}`
    throw new FieldFailure({ message: message ?? "Unauthorized", errorType: "Unauthorized" })
  },
  error: (...parts: ErrorParts) => {
    throw new FieldFailure(fieldError(parts))
  },
  appendError: (...parts: ErrorParts) => {
    run().errors.push(fieldError(parts))
  },
  matches,
  authType: () => authTypes[run().authMode],
  time: time(run),
  dynamodb,
  rds: { toJsonObject, toJsonString: (response: unknown) => JSON.stringify(response) },
  http: http(run),
  xml,
  transform: {
    toDynamoDBFilterExpression: (filter?: unknown) => JSON.stringify(filterExpression(filter)) ?? null,
    toDynamoDBConditionExpression: (condition?: unknown) => JSON.stringify(filterExpression(condition)) ?? null,
    toElasticsearchQueryDSL: (query: unknown) => JSON.stringify(toSearchQuery(query)),
    toSubscriptionFilter,
  },
  math: {
    roundNum: (value: number) => Math.round(value),
    minVal: (one: number, other: number) => Math.min(one, other),
    maxVal: (one: number, other: number) => Math.max(one, other),
    randomDouble: () => Math.random(),
    randomWithinRange: (start: number, end: number) => randomInt(start, Math.max(start + 1, end)),
  },
  str: { normalize },
})

type ErrorParts = [message?: unknown, errorType?: unknown, data?: unknown, errorInfo?: unknown]

const fieldError = ([message, errorType, data, errorInfo]: ErrorParts) => ({
  message: typeof message === "string" ? message : (JSON.stringify(message) ?? "Custom error"),
  errorType: typeof errorType === "string" ? errorType : null,
  data: jsonCopy(data),
  errorInfo: jsonCopy(errorInfo),
})

function urlDecode(value: string): string {
  const wrong = /%(?![0-9a-f]{2})(.{0,2})/i.exec(value)
  if (wrong !== null) {
    const reason =
      wrong[1]?.length === 2
        ? `Illegal hex characters in escape (%) pattern - Error at index 0 in: "${wrong[1]}"`
        : "Incomplete trailing escape (%) pattern"
    throw new JavaException("java.lang.IllegalArgumentException", `URLDecoder: ${reason}`)
  }
  return value
    .replaceAll("+", " ")
    .replace(/(?:%[0-9a-f]{2})+/gi, escaped => Buffer.from(escaped.replaceAll("%", ""), "hex").toString("utf8"))
}

function normalize(value: string, form: string): string {
  const name = form.toUpperCase()
  if (/^NFK?[CD]$/.test(name)) return value.normalize(name)
  throw new JavaException("java.lang.IllegalArgumentException", `No enum constant java.text.Normalizer.Form.${name}`)
}

const escapes: Record<string, string> = {
  '"': '\\"',
  "'": "\\'",
  "\\": "\\\\",
  "/": "\\/",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
}

/** As `StringEscapeUtils.escapeEcmaScript` of Java. */
function escapeJavaScript(value: string): string {
  return Array.from({ length: value.length }, (_, index) => {
    const unit = value.charAt(index)
    const code = value.charCodeAt(index)
    return escapes[unit] ?? (code < 32 || code > 126 ? `\\u${code.toString(16).toUpperCase().padStart(4, "0")}` : unit)
  }).join("")
}
