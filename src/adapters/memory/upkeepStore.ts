import type { Rebuild, SourceVersion, UpkeepStore } from "../../core/upkeep.ts"

/** What upkeep keeps, in memory; `sources` gives the source records of the view store beside it. */
export function memoryUpkeepStore(sources: () => readonly SourceVersion[] = () => []): UpkeepStore {
  const rebuilds = new Map<string, Rebuild>()
  const forgotten = new Map<string, string>()
  return {
    rebuild: async view => rebuilds.get(view),
    saveRebuild: async rebuild => void rebuilds.set(rebuild.view, rebuild),
    sourceVersions: async () => ({ records: sources() }),
    addForgotten: async (subject, at) => void forgotten.set(subject, at),
    async *forgotten(after = "") {
      yield* [...forgotten.keys()].sort().filter(subject => subject > after)
    },
  }
}
