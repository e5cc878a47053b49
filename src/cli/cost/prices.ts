import { readFileSync } from "node:fs"
import { z } from "zod"

const Price = z.object({ usd: z.number(), unit: z.string(), free: z.number(), source: z.string() })
const Assumption = z.object({ value: z.number(), why: z.string(), source: z.string() })
const units = [
  "appsync.operation",
  "appsync.message",
  "events.event",
  "lambda.request",
  "lambda.gbSecond",
  "dynamodb.readUnit",
  "dynamodb.writeUnit",
  "sqs.request",
  "scheduler.invocation",
  "kms.request",
  "secrets.request",
  "ses.mail",
  "logs.gb",
  "xray.trace",
  "storage.gbMonth",
] as const

const PriceList = z.object({
  region: z.string(),
  asOf: z.string(),
  note: z.string(),
  perUnit: z.record(z.enum(units), Price),
  perMonth: z.record(z.string(), Price),
  assumed: z.object({
    fullCpuMb: Assumption,
    platformLogBytes: Assumption,
    commandsPerUser: Assumption,
    queriesPerUser: Assumption,
    xrayReservoir: Assumption,
    xrayShare: Assumption,
    busyShare: Assumption,
    livesPerUser: Assumption,
  }),
})

/** What AWS bills by the unit. */
export type Unit = (typeof units)[number]
/** AWS's list prices of one month, each with its source. */
export type Prices = z.infer<typeof PriceList>

/** The dated price list beside this file. */
export const prices = (): Prices =>
  PriceList.parse(JSON.parse(readFileSync(new URL("./prices-2026-11.json", import.meta.url), "utf8")))
