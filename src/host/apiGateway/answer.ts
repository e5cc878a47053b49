import type { Json } from "../host.ts"
import { listOf, objectOf } from "../json.ts"

/** An HTTP answer. */
export interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[]>
  readonly body: Buffer | string
}

/** An answer of API Gateway itself. */
export const ownAnswer = (status: number, message: string): Answer => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message }),
})

/**
 * What a function's result says in payload format 2.0: a value without `statusCode` is the body of a 200. Undefined when it says
 * nothing that API Gateway can send.
 */
export function answerOf(result: Json): Answer | undefined {
  const answer = objectOf(result)
  if (answer.statusCode === undefined)
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(result ?? null) }
  const status = Number(answer.statusCode)
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(objectOf(answer.headers))) headers[name.toLowerCase()] = String(value)
  const cookies = listOf(answer.cookies).map(String)
  if (cookies.length > 0) headers["set-cookie"] = cookies
  headers["content-type"] ??= "text/plain;charset=UTF-8"
  const body = typeof answer.body === "string" ? answer.body : answer.body == null ? "" : JSON.stringify(answer.body)
  return { status, headers, body: answer.isBase64Encoded === true ? Buffer.from(body, "base64") : body }
}
