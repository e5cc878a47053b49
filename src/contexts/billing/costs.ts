import { z } from "zod"
import { computed, member, person } from "../../core/index.ts"
import { AccountId } from "../accounts/index.ts"
import { AskedSettings, withDefaults } from "../indexes/index.ts"
import { accrued, indexUsage, nextMonth, usageRow } from "./indexUsage.ts"
import { centsOf, hourlyPrice, hoursPerMonth, pricePerHour, unitsOf } from "./prices.ts"

const hourMs = 3_600_000

export const accountCost = computed({
  name: "accountCost",
  description: "What did the indexes of an account cost in a month so far, and what will they have cost at its end?",
  arguments: z.object({
    accountId: AccountId,
    month: z
      .string()
      .regex(/^\d{4}-\d{2}$/, "must be a year and a month, as 2026-11")
      .optional(),
  }),
  type: "AccountCost",
  answer: z.object({
    accountId: AccountId,
    month: z.string(),
    currentCents: z.int(),
    forecastCents: z.int(),
    lines: z.array(
      z
        .object({ indexName: z.string(), component: z.string(), unitHours: z.number(), cents: z.int() })
        .meta({ id: "CostLine" }),
    ),
  }),
  authorize: member("viewer"),
  reads: { usage: { of: indexUsage, key: ({ accountId }) => ({ accountId }) } },
  compute: ({ accountId, month = "" }, rows, now) => {
    const asked = month === "" ? now.slice(0, 7) : month
    const { data } = usageRow.safeParse(rows.usage)
    const usages = Object.entries(data?.indexes ?? {}).map(([name, usage]) => ({ name, usage: accrued(usage, now) }))
    const lines = usages.flatMap(({ name, usage }) =>
      Object.entries(usage.months[asked] ?? {}).map(([component, unitHours]) => ({
        indexName: name,
        component,
        unitHours,
        cents: centsOf(unitHours * (pricePerHour[component] ?? 0)),
      })),
    )
    const currentCents = lines.reduce((sum, { cents }) => sum + cents, 0)
    const hoursLeft = asked === now.slice(0, 7) ? (Date.parse(nextMonth(now)) - Date.parse(now)) / hourMs : 0
    const rate = usages.reduce((sum, { usage }) => sum + hourlyPrice(usage.running?.units ?? {}), 0)
    return { accountId, month: asked, currentCents, forecastCents: currentCents + centsOf(rate * hoursLeft), lines }
  },
})

export const indexPrices = computed({
  name: "indexPrices",
  description: "What does an hour of each thing cost that an index is made of?",
  arguments: z.object({}),
  type: "IndexPrices",
  answer: z.object({
    prices: z.array(
      z
        .object({
          component: z.string().describe("`storage/` or `inference/` and what the settings of an index call it."),
          hourMillionths: z.int().describe("Millionths of a dollar for an hour of one unit."),
        })
        .meta({ id: "ComponentPrice" }),
    ),
  }),
  authorize: person(),
  compute: () => ({
    prices: Object.entries(pricePerHour).map(([component, hourMillionths]) => ({ component, hourMillionths })),
  }),
})

export const indexCostEstimate = computed({
  name: "indexCostEstimate",
  description: "What will an index with these settings cost?",
  arguments: z.object({ settings: AskedSettings.optional() }),
  type: "CostEstimate",
  answer: z.object({
    hourMillionths: z.int().describe("Millionths of a dollar in an hour."),
    monthCents: z.int().describe("Cents in a month of 730 hours."),
  }),
  authorize: person(),
  compute: ({ settings }) => {
    const price = hourlyPrice(unitsOf(withDefaults(settings ?? {})))
    return { hourMillionths: price, monthCents: centsOf(price * hoursPerMonth) }
  },
})
