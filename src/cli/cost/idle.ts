import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import type { Prices } from "./prices.ts"

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
})
type Resource = z.infer<typeof Template>["Resources"][string]

/** What a stack costs in a month in which nobody asks. */
export interface Standing {
  readonly of: string
  readonly count: number
  readonly usd: number
  /** After the allowance that AWS gives every account for ever. */
  readonly usdAfterFree: number
}

/** The standing costs of a synthesized app. */
export function standing(cloudAssembly: string, prices: Prices): readonly Standing[] {
  const resources = readdirSync(cloudAssembly)
    .filter(file => file.endsWith(".template.json"))
    .flatMap(file =>
      Object.values(Template.parse(JSON.parse(readFileSync(join(cloudAssembly, file), "utf8"))).Resources),
    )
  return Object.entries(prices.perMonth).flatMap(([of, { usd, free }]) => {
    const count = of === "queue polling" ? resources.filter(readsQueue).length : amountOf(of, resources)
    if (count === 0) return []
    const usdAfterFree = Math.max(0, count - free) * usd
    return [{ of, count, usd: count * usd, usdAfterFree }]
  })
}

const amountOf = (type: string, resources: readonly Resource[]) =>
  resources.filter(({ Type }) => Type === type).reduce((sum, resource) => sum + metricsOf(resource), 0)

/** An alarm on several metrics is billed for each of them; on a query, for what it finds: as much as one, though nothing fails. */
function metricsOf({ Type, Properties }: Resource): number {
  if (Type !== "AWS::CloudWatch::Alarm" || !Array.isArray(Properties?.Metrics)) return 1
  return Math.max(1, Properties.Metrics.filter(metric => metric.MetricStat !== undefined).length)
}

/** A stream is read free of charge; a queue is polled. */
const readsQueue = ({ Type, Properties }: Resource) =>
  Type === "AWS::Lambda::EventSourceMapping" && Properties?.StartingPosition === undefined
