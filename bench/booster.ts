import type { Rate } from "./load.ts"

/** Booster's local provider: mutations over HTTP, answered once the read model is written. */
export interface BoosterRate {
  readonly history: number
  readonly workers: number
  readonly rate: Rate
}

/** Measures it, or says why not. */
export async function boosterRates(
  _quick: boolean,
  _tell: (line: string) => void,
): Promise<readonly BoosterRate[] | string> {
  return "not yet"
}
