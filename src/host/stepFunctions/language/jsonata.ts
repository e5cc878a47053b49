import { randomUUID } from "node:crypto"
import jsonata from "jsonata"
import type { Json, JsonObject } from "../../host.ts"
import { StateFailure } from "./failure.ts"
import { hash, partition, range } from "./intrinsicFunctions.ts"

type Expression = ReturnType<typeof jsonata>

/** By text: the same expressions run again and again. */
const compiled = new Map<string, Expression>()
const compiledMax = 1_000

/** Is the text JSONata that is to be evaluated? */
export const isExpression = (text: string): boolean => /^\{%[\s\S]*%\}$/.test(text)

/** Evaluates `{% … %}`. Throws StateFailure States.QueryEvaluationError, also when there is no value. */
export async function evaluateJsonata(text: string, variables: JsonObject, place: string): Promise<Json> {
  try {
    const found: unknown = await compile(text).evaluate(undefined, variables)
    const json = typeof found === "function" ? undefined : JSON.stringify(found)
    if (json === undefined) throw new Error("the expression has no value")
    return JSON.parse(json)
  } catch (error) {
    throw new StateFailure(
      "States.QueryEvaluationError",
      `The JSONata expression '${text}' in ${place}: ${messageOf(error)}`,
    )
  }
}

/** Why the expression cannot be read; undefined when it can. */
export function jsonataProblem(text: string): string | undefined {
  try {
    compile(text)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

const messageOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error)

function compile(text: string): Expression {
  const known = compiled.get(text)
  if (known !== undefined) return known
  const expression = jsonata(text.slice(2, -2).trim())
  // What AWS adds to JSONata, and the one function that it takes away [Transforming data with JSONata].
  expression.registerFunction("partition", (values: Json[], size: Json) => partition(values, size))
  expression.registerFunction("range", range)
  expression.registerFunction("hash", hash)
  expression.registerFunction("random", (seed?: number) => (seed === undefined ? Math.random() : seeded(seed)))
  expression.registerFunction("uuid", () => randomUUID())
  expression.registerFunction("parse", (json: string) => JSON.parse(json))
  expression.registerFunction("eval", () => {
    throw new Error("$eval is not supported: use $parse")
  })
  if (compiled.size >= compiledMax) compiled.clear()
  compiled.set(text, expression)
  return expression
}

const seeded = (seed: number): number => Number.parseInt(hash(seed, "SHA-256").slice(0, 8), 16) / 2 ** 32
