import { synthesize } from "../src/cli/synth.ts"
import { commandPath } from "./commandPath.ts"
import { cost } from "./cost.ts"
import { growth } from "./growth.ts"
import { type Host, openHost, root } from "./host.ts"
import { memory } from "./memory.ts"
import { queries } from "./queries.ts"
import { rebuilding } from "./rebuild.ts"
import type { Bench } from "./report.ts"
import { resolverCalls } from "./resolvers.ts"
import { bundles } from "./start.ts"
import { wholePath } from "./wholePath.ts"

const onHost = async <Found>(
  bench: Bench,
  measure: (host: Host, bench: Bench) => Promise<Found>,
  filled = false,
): Promise<Found> => {
  const host = await openHost(bench.tell, filled)
  return measure(host, bench).finally(host.stop)
}

/** Everything that is measured, in the order of a whole run. */
export const sections = {
  commands: commandPath,
  path: (bench: Bench) => onHost(bench, wholePath),
  queries: (bench: Bench) => onHost(bench, queries),
  resolvers: resolverCalls,
  rebuild: rebuilding,
  memory,
  growth: (bench: Bench) => onHost(bench, growth, true),
  start: async (bench: Bench) => bundles(await synthesize(root, bench.tell), bench),
  cost,
} as const

export type SectionName = keyof typeof sections
/** What the sections found, by name. */
export type Found = { readonly [Name in SectionName]?: Awaited<ReturnType<(typeof sections)[Name]>> }
