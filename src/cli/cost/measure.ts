import { startHost } from "../../host/start.ts"
import { localParameters } from "../synth.ts"
import { bill, byPart, type Line, sumOf } from "./bill.ts"
import { type Standing, standing } from "./idle.ts"
import { mixOn } from "./mix.ts"
import type { Prices, Unit } from "./prices.ts"
import { createTally } from "./tally.ts"

/** What one kind of request costs, in dollars per million. */
export interface RequestCost {
  readonly requests: number
  readonly lines: readonly Line[]
  readonly parts: ReturnType<typeof byPart>
  readonly total: number
  readonly withoutPush: number
  /** Traces that X-Ray would record if requests came evenly, each hop a trace of its own: an upper bound. */
  readonly tracing: number
}

export interface Measured {
  readonly plain: RequestCost
  readonly mix: RequestCost
  readonly query: RequestCost
  readonly idle: readonly Standing[]
}

/** Effects of one command are over when nothing was counted for so long; while functions start, that takes longer. */
const quietMs = { cold: 4_000, warm: 900 }
const plainCommands = 25
const lives = 3
const queries = 40

/** Runs the mix on a fresh host in this process and bills it. Takes about a minute. */
export async function measure(
  cloudAssembly: string,
  demoUsers: readonly { email: string; password: string; groups: readonly string[] }[],
  prices: Prices,
  tell: (line: string) => void,
): Promise<Measured> {
  const tally = createTally()
  const running = await startHost({
    template: cloudAssembly,
    port: 0,
    demoUsers,
    parameters: localParameters,
    meter: tally.meter,
  })
  try {
    const names = new Map(
      Object.entries(running.local.resources).map(([path, name]) => [name, path.slice(path.indexOf(".") + 1)]),
    )
    const nameOf = (name: string) => shortName(names.get(name) ?? name)
    let quiet = quietMs.cold
    const mix = await mixOn(running, () => tally.quiet(quiet))
    const costOf = async (what: string, run: () => Promise<number>): Promise<RequestCost> => {
      tell(what)
      tally.take()
      const requests = await run()
      return requestCost(bill(tally.take(), requests, prices, nameOf), requests, prices)
    }
    await mix.life()
    quiet = quietMs.warm
    await mix.plain(5)
    return {
      plain: await costOf(`${plainCommands} plain commands …`, () => mix.plain(plainCommands)),
      mix: await costOf(`${lives} lives of an account …`, async () => {
        let sent = 0
        for (let life = 1; life <= lives; life++) sent += await mix.life()
        return sent
      }),
      query: await costOf(`${queries} queries …`, () => mix.queries(queries)),
      idle: standing(cloudAssembly, prices),
    }
  } finally {
    await running.stop()
  }
}

/** `TrackAndTraceRecorderFunction1A2B3C4D` → `TrackAndTraceRecorder`. */
const shortName = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, "").replace(/Function$/, "")

function requestCost(lines: readonly Line[], requests: number, prices: Prices): RequestCost {
  const parts = byPart(lines)
  const total = sumOf(lines)
  const traced: readonly Unit[] = ["appsync.operation", "lambda.request"]
  const hops = lines.filter(({ unit }) => traced.includes(unit)).reduce((sum, { each }) => sum + each, 0)
  return {
    requests,
    lines,
    parts,
    total,
    withoutPush: total - parts["live push"],
    tracing: hops * prices.perUnit["xray.trace"].usd * 1e6,
  }
}
