import { dollars, type Line, type Point } from "./growth.ts"

const panel = { width: 330, height: 230, left: 52, right: 14, top: 34, bottom: 40 }
const columns: readonly Line["grows"][] = ["accounts", "members of the account"]
const values: readonly { readonly title: string; readonly of: (point: Point) => number }[] = [
  { title: "USD per million, tables only", of: dollars },
  { title: "ms at the median", of: ({ ms }) => ms },
]
const colours = ["#dc2626", "#2563eb", "#059669", "#9333ea"]
const legendHeight = 84

/** Cost and latency of each request as accounts and members grow, on logarithmic axes: a flat line does not grow. */
export function growthChart(lines: readonly Line[]): string {
  const requests = [...new Set(lines.map(({ request }) => request))]
  const width = panel.width * columns.length
  const height = panel.height * values.length + legendHeight
  const panels = values.flatMap((value, row) =>
    columns.map((grows, column) => {
      const own = lines.filter(line => line.grows === grows)
      return `<g transform="translate(${column * panel.width} ${row * panel.height})">${panelOf(own, requests, grows, value)}</g>`
    }),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" role="img" aria-label="Cost and latency as accounts and members grow">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...panels,
    ...requests.map((request, index) => {
      const y = panel.height * values.length + 14 + index * 18
      const slopes = columns.map(grows => {
        const found = lines.find(line => line.grows === grows && line.request === request)?.slopes
        return `${grows}: cost ${slopeText(found?.units)}, time ${slopeText(found?.ms)}`
      })
      return `<rect x="${panel.left}" y="${y - 8}" width="10" height="10" fill="${colours[index]}"/><text x="${panel.left + 16}" y="${y}">${request}; exponents as they grow: ${slopes.join("; ")}</text>`
    }),
    "</svg>\n",
  ].join("\n")
}

const slopeText = (slope: number | undefined) => (slope === undefined ? "–" : slope.toFixed(2))

function panelOf(
  lines: readonly Line[],
  requests: readonly string[],
  grows: Line["grows"],
  value: (typeof values)[number],
): string {
  const points = lines.flatMap(line => line.points)
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b)
  const found = points.map(value.of).filter(one => one > 0)
  if (sizes.length === 0 || found.length === 0) return ""
  const x = scale(sizes[0] ?? 1, sizes.at(-1) ?? 1, panel.left, panel.width - panel.right)
  const low = 10 ** Math.floor(Math.log10(Math.min(...found)))
  const high = 10 ** Math.ceil(Math.log10(Math.max(...found) * 1.01))
  const y = scale(low, high, panel.height - panel.bottom, panel.top)
  const ticks = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, index) => low * 10 ** index)
  return [
    `<text x="${panel.left}" y="20" font-weight="600">${value.title}</text>`,
    ...ticks.map(
      tick =>
        `<path d="M${panel.left} ${y(tick)}H${panel.width - panel.right}" stroke="#e2e8f0"/><text x="${panel.left - 6}" y="${y(tick) + 4}" text-anchor="end">${Number(tick.toPrecision(3)).toLocaleString("en")}</text>`,
    ),
    ...sizes.map(
      size =>
        `<text x="${x(size)}" y="${panel.height - panel.bottom + 16}" text-anchor="middle">${size.toLocaleString("en")}</text>`,
    ),
    `<text x="${(panel.left + panel.width - panel.right) / 2}" y="${panel.height - panel.bottom + 32}" text-anchor="middle">${grows}</text>`,
    ...lines.map(line => {
      const colour = colours[requests.indexOf(line.request)] ?? "#000000"
      const at = line.points.filter(point => value.of(point) > 0).map(point => [x(point.size), y(value.of(point))])
      return [
        `<polyline points="${at.map(pair => pair.join(",")).join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colour}"/>`),
      ].join("")
    }),
  ].join("\n")
}

const scale = (from: number, to: number, start: number, end: number) => (value: number) =>
  from === to
    ? (start + end) / 2
    : Math.round(start + ((Math.log10(value) - Math.log10(from)) / (Math.log10(to) - Math.log10(from))) * (end - start))
