import { type Context, util } from "@aws-appsync/utils"
import { failOnError } from "./parts/failure.ts"

const stepsMax = 900
/** Keeps the order of steps of the same time when they are sorted as texts. */
const sequenceStart = 1000

interface Step {
  at: string
}

/** Reads the steps of a trace. */
export function request(ctx: Context) {
  return {
    operation: "Query",
    query: {
      expression: "#id = :id",
      expressionNames: { "#id": "id" },
      expressionValues: util.dynamodb.toMapValues({ ":id": `trace/${ctx.args.traceId}` }),
    },
    limit: stepsMax,
    consistentRead: true,
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  const items: Step[] = ctx.result.items
  if (items.length === 0) return null
  const byTime: Record<string, Step | undefined> = {}
  items.forEach((item, index) => {
    byTime[`${item.at} ${sequenceStart + index}`] = item
  })
  const order = Object.keys(byTime).sort()
  return {
    traceId: ctx.args.traceId,
    steps: order.map(time => byTime[time]),
    truncated: !!ctx.result.nextToken,
  }
}
