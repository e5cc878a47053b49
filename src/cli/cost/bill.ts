import type { Prices, Unit } from "./prices.ts"
import type { Count } from "./tally.ts"

/** The parts of the flow that costs are told by. */
export const parts = [
  "API",
  "bus",
  "commit",
  "fanout",
  "views",
  "track & trace",
  "compute",
  "other",
  "live push",
] as const
export type Part = (typeof parts)[number]

/** One line of a bill. */
export interface Line {
  readonly part: Part
  readonly unit: Unit
  readonly of: string
  /** Units for one command or query. */
  readonly each: number
  readonly usdPerMillion: number
}

/** Bills what `requests` commands or queries used. `nameOf` gives the logical id of a physical name. */
export function bill(
  counts: readonly Count[],
  requests: number,
  prices: Prices,
  nameOf: (name: string) => string,
): readonly Line[] {
  const used = new Map<string, { part: Part; unit: Unit; of: string; amount: number }>()
  for (const count of counts)
    for (const { part, unit, of, amount } of billed(count, prices, nameOf)) {
      const key = `${part} ${unit} ${of}`
      used.set(key, { part, unit, of, amount: (used.get(key)?.amount ?? 0) + amount })
    }
  return [...used.values()]
    .map(({ part, unit, of, amount }) => ({
      part,
      unit,
      of,
      each: amount / requests,
      usdPerMillion: (amount / requests) * prices.perUnit[unit].usd * 1e6,
    }))
    .filter(({ usdPerMillion }) => usdPerMillion > 0)
    .sort((a, b) => parts.indexOf(a.part) - parts.indexOf(b.part) || b.usdPerMillion - a.usdPerMillion)
}

type Use = { readonly part: Part; readonly unit: Unit; readonly of: string; readonly amount: number }

function billed({ metered, of, amount }: Count, { assumed }: Prices, nameOf: (name: string) => string): readonly Use[] {
  switch (metered) {
    case "appsync.operation":
      return [{ part: isPush(of) ? "live push" : "API", unit: metered, of, amount }]
    case "appsync.message":
      return [{ part: "live push", unit: metered, of, amount }]
    case "events.event":
      return [{ part: "bus", unit: metered, of, amount }]
    case "lambda.request": {
      const logged = { unit: "logs.gb", amount: (amount * assumed.platformLogBytes.value) / 1e9 } as const
      return [
        { part: "compute", unit: metered, of: nameOf(of), amount },
        { part: "compute", of: "logs", ...logged },
      ]
    }
    case "lambda.cpuMs":
      return [gbSeconds(`${nameOf(of)} CPU`, (amount * assumed.fullCpuMb.value) / 1024 / 1000)]
    case "lambda.waitMbMs":
      return [gbSeconds(`${nameOf(of)} waiting`, amount / 1024 / 1000)]
    case "logs.byte":
      return [{ part: "compute", unit: "logs.gb", of: "logs", amount: amount / 1e9 }]
    case "dynamodb.readUnit":
    case "dynamodb.writeUnit":
      return [capacity(metered, of, amount, nameOf)]
    case "endpoint.call":
      return calls(of, amount)
  }
}

const isPush = (operation: string) => operation.startsWith("Mutation.publish")

const gbSeconds = (of: string, amount: number): Use => ({
  part: "compute",
  unit: "lambda.gbSecond",
  of,
  amount,
})

/** `of` is `<table>[/<index>] <operation>`. */
function capacity(unit: Unit, of: string, amount: number, nameOf: (name: string) => string): Use {
  const [place = "", operation = ""] = of.split(" ")
  const [table = "", index] = place.split("/")
  const name = nameOf(table)
  const shown = `${name}${index === undefined ? "" : `/${index}`} ${operation}`
  return { part: partOf(name, operation), unit, of: shown, amount }
}

function partOf(table: string, operation: string): Part {
  if (table === "ViewStore") return "views"
  if (table === "TraceTable") return "track & trace"
  if (table === "Outbox" && operation === "UpdateItem") return "fanout"
  return ["EventStore", "IdempotencyStore", "Outbox"].includes(table) ? "commit" : "other"
}

const callUnits: Readonly<Record<string, Unit>> = {
  sqs: "sqs.request",
  kms: "kms.request",
  secretsmanager: "secrets.request",
  ses: "ses.mail",
}

/** Calls that are billed as calls; the others are billed by what they do. */
function calls(of: string, amount: number): readonly Use[] {
  const [service = ""] = of.split(".")
  if (of === "scheduler.POST") return [{ part: "other", unit: "scheduler.invocation", of: "timers", amount }]
  const unit = callUnits[service]
  return unit === undefined ? [] : [{ part: "other", unit, of, amount }]
}

export const sumOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, { usdPerMillion }) => sum + usdPerMillion, 0)

/** Dollars per million by part of the flow. */
export const byPart = (lines: readonly Line[]): Readonly<Record<Part, number>> =>
  Object.fromEntries(parts.map(part => [part, sumOf(lines.filter(line => line.part === part))])) as Record<Part, number>
