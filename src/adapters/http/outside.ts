import type { Outside, OutsideAnswer, OutsideService, Question } from "../../core/outside.ts"

/** Shorter than what a function has, so that no answer is an answer. */
const answerMaxMs = 10_000

/** Where a service is and the key by which it is asked: the JSON text of its secret. */
export type ServiceText = (service: OutsideService) => Promise<string>

/** Asks services over HTTP with JSON, with their key as bearer token and the question's key as Idempotency-Key. */
export const httpOutside = (textOf: ServiceText): Outside => ({
  async ask(service, question, key) {
    const { url, key: token } = JSON.parse(await textOf(service)) as { url: string; key: string }
    return url === "" ? noAnswer : send(url, question, { authorization: `Bearer ${token}`, "idempotency-key": key })
  },
})

const noAnswer: OutsideAnswer = { status: 0, body: {} }

async function send(url: string, { method, path, body }: Question, headers: Record<string, string>) {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerMaxMs),
    })
    return { status: response.status, body: objectIn(await response.text()) }
  } catch {
    return noAnswer
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
