/** How a bench is run. */
export interface Bench {
  /** Fewer cells and rounds, for a look. */
  readonly quick: boolean
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
