import type { Verdict } from "../src/cli/cost/targets.ts"

export type { Verdict } from "../src/cli/cost/targets.ts"

/** How a bench is run. */
export interface Bench {
  /** Fewer cells and rounds, for a look. */
  readonly quick: boolean
  /** So many commands for the memory of the whole path; undefined: as many as fit into two minutes. */
  readonly commands?: number
  /** Tells how far it is. */
  readonly tell: (line: string) => void
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")
}

/** Three significant digits. */
export const figure = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)))

/** A verdict on a figure that must be at least or at most so much; none when it was not measured. */
export function verdict(
  line: string,
  bound: "≥" | "≤",
  target: number,
  measured: number | undefined,
  unit: string,
): readonly Verdict[] {
  if (measured === undefined || !Number.isFinite(measured)) return []
  const holds = bound === "≥" ? measured >= target : measured <= target
  return [{ line, target: `${bound} ${figure(target)} ${unit}`, measured: `${figure(measured)} ${unit}`, holds }]
}
