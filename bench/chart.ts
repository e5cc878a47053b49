import type { Cell } from "./commandPath.ts"

const width = 640
const height = 360
const margin = { left: 64, right: 170, top: 40, bottom: 48 }
const colours = ["#2563eb", "#ea580c", "#64748b"]
const workersShown = 8

/** Commands per second by length of history, both on logarithmic axes; engines that cannot run eight at once are shown at one. */
export function chart(cells: readonly Cell[]): string {
  const engines = [...new Set(cells.map(({ engine }) => engine))]
  const series = engines.map(engine => {
    const own = cells.filter(cell => cell.engine === engine && cell.rate !== undefined && cell.history > 0)
    const shown = own.some(({ workers }) => workers === workersShown) ? workersShown : 1
    return { name: `${engine}, ${shown} at once`, points: own.filter(({ workers }) => workers === shown) }
  })
  const histories = [...new Set(cells.map(({ history }) => history).filter(history => history > 0))].sort(
    (a, b) => a - b,
  )
  const rates = series.flatMap(({ points }) => points.map(({ rate }) => rate?.perSecond ?? 1))
  const x = scale(Math.min(...histories), Math.max(...histories), margin.left, width - margin.right)
  const [low, high] = [
    10 ** Math.floor(Math.log10(Math.min(...rates))),
    10 ** Math.ceil(Math.log10(Math.max(...rates))),
  ]
  const y = scale(low, high, height - margin.bottom, margin.top)
  const ticks = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, index) => low * 10 ** index)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Commands per second by earlier events of the aggregate">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${margin.left}" y="22" font-size="14" font-weight="600">Commands per second by earlier events of the aggregate</text>`,
    ...ticks.map(
      tick =>
        `<path d="M${margin.left} ${y(tick)}H${width - margin.right}" stroke="#e2e8f0"/><text x="${margin.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tick.toLocaleString("en")}</text>`,
    ),
    ...histories.map(
      history =>
        `<text x="${x(history)}" y="${height - 26}" text-anchor="middle">${history.toLocaleString("en")}</text>`,
    ),
    `<text x="${(margin.left + width - margin.right) / 2}" y="${height - 8}" text-anchor="middle">earlier events</text>`,
    ...series.flatMap(({ name, points }, index) => line(name, points, index, x, y)),
    "</svg>\n",
  ].join("\n")
}

function line(name: string, points: readonly Cell[], index: number, x: Scale, y: Scale): readonly string[] {
  const at = points.map(({ history, rate }) => `${x(history)},${y(rate?.perSecond ?? 1)}`)
  const last = points.at(-1)
  if (last === undefined) return []
  const colour = colours[index % colours.length]
  const [engine, ...rest] = name.split(/ (?=on )|, /)
  return [
    `<polyline points="${at.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...at.map(point => `<circle cx="${point.split(",")[0]}" cy="${point.split(",")[1]}" r="3" fill="${colour}"/>`),
    `<text x="${x(last.history) + 8}" y="${y(last.rate?.perSecond ?? 1) + 4}" fill="${colour}">${engine}<tspan x="${x(last.history) + 8}" dy="14" font-size="10">${rest.join(", ")}</tspan></text>`,
  ]
}

type Scale = (value: number) => number
const scale =
  (from: number, to: number, start: number, end: number): Scale =>
  value =>
    Math.round(start + ((Math.log10(value) - Math.log10(from)) / (Math.log10(to) - Math.log10(from))) * (end - start))
