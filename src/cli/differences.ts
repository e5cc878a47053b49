/** A row that is not what its events say, as the API tells it. */
export interface Difference {
  readonly view: string
  readonly stream: string
  readonly kind: string
  readonly fields: readonly string[] | null
}

export type Found = readonly { readonly kind: string; readonly count: number }[]

/** Fields of what a check found. */
export const findings = "found { kind count } samples { view stream kind fields }"

/** Adds counts by kind. */
export function addFound(sums: Readonly<Record<string, number>>, found: Found): Record<string, number> {
  const all = { ...sums }
  for (const { kind, count } of found) all[kind] = (all[kind] ?? 0) + count
  return all
}

/** `no differences`, or how many of each kind. */
export const foundText = (found: Readonly<Record<string, number>>) =>
  Object.keys(found).length === 0
    ? "no differences"
    : Object.entries(found)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(", ")

export const differenceText = ({ view, stream, kind, fields }: Difference) =>
  `  ${kind.padEnd(10)} ${view}  ${stream}${fields === null ? "" : `  ${fields.join(", ")}`}`
