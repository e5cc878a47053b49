import { createHash } from "node:crypto"

/** A number in [0, 1) that follows from its parts alone: the same parts, the same number. */
export function draw(...parts: readonly (string | number)[]): number {
  return createHash("sha256").update(parts.join("\u0000")).digest().readUIntBE(0, 6) / 2 ** 48
}

/** One of `choices`, drawn by `parts`. Throws when there is none. */
export function pick<Choice>(choices: readonly Choice[], ...parts: readonly (string | number)[]): Choice {
  const choice = choices[Math.floor(draw(...parts) * choices.length)]
  if (choice === undefined) throw new Error("there is nothing to pick from")
  return choice
}

/** The entry whose share of the unit interval holds `at`; undefined behind the last. */
export function shareOf<Value>(at: number, shares: readonly (readonly [number, Value])[]): Value | undefined {
  let end = 0
  return shares.find(([share]) => {
    end += share
    return at < end
  })?.[1]
}
