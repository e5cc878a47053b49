import type { Run } from "../run.ts"
import { formatMoment } from "./dateFormat.ts"
import { parseIso, parseMoment } from "./dateParse.ts"

/** `util.time`, on the host's clock. */
export const time = (run: () => Run) => ({
  nowISO8601: () => new Date(run().now()).toISOString(),
  nowEpochSeconds: () => Math.floor(run().now() / 1000),
  nowEpochMilliSeconds: () => Math.floor(run().now()),
  nowFormatted: (pattern: string, zone?: string) => formatMoment(run().now(), pattern, zone),
  parseFormattedToEpochMilliSeconds: (text: string, pattern: string, zone?: string) => parseMoment(text, pattern, zone),
  parseISO8601ToEpochMilliSeconds: (text: string) => parseIso(text),
  epochMilliSecondsToSeconds: (epochMs: number) => Math.floor(epochMs / 1000),
  epochMilliSecondsToISO8601: (epochMs: number) => new Date(epochMs).toISOString(),
  epochMilliSecondsToFormatted: (epochMs: number, pattern: string, zone?: string) =>
    formatMoment(epochMs, pattern, zone),
})
