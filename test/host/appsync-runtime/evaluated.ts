import { evaluateCode } from "../../../src/host/appsync/runtime/evaluateCode.ts"

/** What EvaluateCode gives for an expression, with `ddb`, `rds` and `util` imported; a failure is `{ message }` without its position. */
export function evaluated(expression: string, context: object = {}): unknown {
  const code = `
    import { util } from "@aws-appsync/utils"
    import * as ddb from "@aws-appsync/utils/dynamodb"
    import * as rds from "@aws-appsync/utils/rds"
    export function request(ctx) { return { value: ${expression} } }`
  const { evaluationResult, error } = evaluateCode({ code, context: JSON.stringify(context) })
  if (evaluationResult !== undefined) return JSON.parse(evaluationResult).value
  if (error?.codeErrors !== undefined) throw new Error(JSON.stringify(error.codeErrors))
  return { message: error?.message.replace(/^code\.js:\d+:\d+: /, "") }
}
