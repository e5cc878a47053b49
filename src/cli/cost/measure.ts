import { startHost } from "../../host/start.ts"
import { startOutside } from "../outside.ts"
import { connectServices } from "../services.ts"
import { localParameters } from "../synth.ts"
import { bill, byPart, type Line, sumOf } from "./bill.ts"
import { type Standing, standing } from "./idle.ts"
import { mixOn } from "./mix.ts"
import type { Prices } from "./prices.ts"
import { createTally } from "./tally.ts"
import { tracingPerMillion } from "./tracing.ts"

/** What one kind of request costs, in dollars per million. */
export interface RequestCost {
  readonly requests: number
  readonly lines: readonly Line[]
  readonly parts: ReturnType<typeof byPart>
  readonly total: number
  readonly withoutPush: number
  /** What of it is billed only for being asked: X-Ray, at one request a second and at a hundred. */
  readonly tracing: { readonly atOnePerSecond: number; readonly atHundredPerSecond: number }
}

export interface Measured {
  readonly plain: RequestCost
  /** A plain command while one client watches: what it costs more is the push. */
  readonly watched: RequestCost
  readonly mix: RequestCost
  readonly query: RequestCost
  readonly idle: readonly Standing[]
}

/** Effects of one command are over when nothing was counted for so long; those of a whole run are given more. */
const quietMs = { command: 400, run: 1_500, cold: 4_000 }
const plainCommands = 20
const watchedCommands = 10
const lives = 2
const queries = 40
const functionsMax = 100

/** Runs the mix on a fresh host in this process, with the stand-ins of the services outside, and bills it. Takes less than a minute. */
export async function measure(
  root: string,
  cloudAssembly: string,
  demoUsers: readonly { email: string; password: string; groups: readonly string[] }[],
  prices: Prices,
  tell: (line: string) => void,
): Promise<Measured> {
  const tally = createTally()
  const outside = await startOutside(root, 0, undefined)
  const running = await startHost({
    template: cloudAssembly,
    port: 0,
    demoUsers,
    parameters: localParameters,
    meter: tally.meter,
  }).catch(async error => {
    await outside.stop()
    throw error
  })
  try {
    await connectServices(running, outside.services)
    tell("starting the functions …")
    await running.host.lambda.warm?.(functionsMax)
    const names = new Map(
      Object.entries(running.local.resources).map(([path, name]) => [name, path.slice(path.indexOf(".") + 1)]),
    )
    const nameOf = (name: string) => shortName(names.get(name) ?? name)
    const mix = await mixOn(running, () => tally.quiet(quietMs.command))
    const costOf = async (what: string, run: () => Promise<number>): Promise<RequestCost> => {
      tell(what)
      tally.take()
      const requests = await run()
      await tally.quiet(quietMs.run)
      return requestCost(bill(tally.take(), requests, prices, nameOf), requests, prices)
    }
    tell("a life of an account, to warm up …")
    await mix.life()
    await mix.plain(3)
    await tally.quiet(quietMs.cold)
    return {
      plain: await costOf(`${plainCommands} plain commands …`, () => mix.plain(plainCommands)),
      watched: await costOf(`${watchedCommands} plain commands that a client watches …`, () =>
        mix.watched(watchedCommands),
      ),
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
    await outside.stop()
  }
}

/** `TrackAndTraceRecorderFunction1A2B3C4D` → `TrackAndTraceRecorder`. */
const shortName = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, "").replace(/Function$/, "")

function requestCost(lines: readonly Line[], requests: number, prices: Prices): RequestCost {
  const parts = byPart(lines)
  const total = sumOf(lines)
  return {
    requests,
    lines,
    parts,
    total,
    withoutPush: total - parts["live push"],
    tracing: {
      atOnePerSecond: tracingPerMillion(lines, 1, prices),
      atHundredPerSecond: tracingPerMillion(lines, 100, prices),
    },
  }
}
