/** A box with a title, perhaps a note below it, and numbers that tie it to others. */
export interface Pill {
  readonly kind: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly title: string
  readonly note?: string
  readonly badge?: { readonly number: number; readonly side: "left" }
  readonly badges?: readonly number[]
}

/** Width of a text in the picture's font, near enough to lay boxes out. */
export const textWidth = (text: string, size: number) => text.length * size * 0.56

export function pill({ kind, x, y, width, height, title, note, badge, badges = [] }: Pill): string {
  const center = x + width / 2 + (badge === undefined ? 0 : 10) - (badges.length > 0 ? 8 : 0)
  const middle = y + height / 2
  const texts =
    note === undefined
      ? label("title", center, middle + 4.5, title)
      : label("title", center, middle - 3, title) + label("note", center, middle + 14, note)
  const numbers = [
    ...(badge === undefined ? [] : [circle(x + 20, middle, badge.number)]),
    ...badges.map((number, index) => circle(x + width - 14 - index * 20, middle, number)),
  ]
  const rect = `<rect x="${x}" y="${round(y)}" width="${width}" height="${round(height)}" rx="8"/>`
  return `<g class="${kind}">${rect}${texts}${numbers.join("")}</g>`
}

const circle = (x: number, y: number, number: number) =>
  `<g class="badge"><circle cx="${x}" cy="${round(y)}" r="9"/>${label("number", x, y + 4, String(number))}</g>`

/** A line from left to right that leaves and arrives level. */
export function curve(kind: string, x1: number, y1: number, x2: number, y2: number): string {
  const bend = (x2 - x1) / 2
  return `<path class="line ${kind}" d="M${x1} ${round(y1)}C${x1 + bend} ${round(y1)} ${x2 - bend} ${round(y2)} ${x2} ${round(y2)}"/>`
}

export const label = (kind: string, x: number, y: number, text: string) =>
  `<text class="${kind}" x="${round(x)}" y="${round(y)}">${escaped(text)}</text>`

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
const round = (value: number) => Math.round(value * 10) / 10

/** Colours for light and dark surroundings; the picture brings its own paper. */
export const pictureStyle = `
svg { --paper: #ffffff; --lane: #f6f8fa; --edge: #d0d7de; --ink: #1f2328; --soft: #59636e; --line: #8c959f;
  --command: #dbeafe; --command-edge: #3b82f6; --aggregate: #fef3c7; --aggregate-edge: #d97706;
  --event: #ffedd5; --event-edge: #f97316; --view: #dcfce7; --view-edge: #16a34a;
  --projection: #ccfbf1; --projection-edge: #0d9488; --automation: #ede9fe; --automation-edge: #7c3aed; }
@media (prefers-color-scheme: dark) { svg { --paper: #0d1117; --lane: #161b22; --edge: #30363d; --ink: #e6edf3;
  --soft: #9198a1; --line: #6e7681; --command: #122b52; --command-edge: #5b9dff; --aggregate: #3a2a08;
  --aggregate-edge: #e3a008; --event: #43210b; --event-edge: #fb8c3c; --view: #0c3320; --view-edge: #3fb950;
  --projection: #0b3330; --projection-edge: #2dd4bf; --automation: #2a1d52; --automation-edge: #a78bfa; } }
text { font-family: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: var(--ink); text-anchor: middle; }
.paper { fill: var(--paper); } .lane { fill: var(--lane); stroke: var(--edge); }
.title { font-size: 13px; font-weight: 500; } .note { font-size: 11px; fill: var(--soft); }
.heading { font-size: 12px; font-weight: 600; letter-spacing: 0.08em; text-transform: uppercase; fill: var(--soft); }
.legend { font-size: 11px; fill: var(--soft); }
.line { fill: none; stroke: var(--line); stroke-width: 1.4; }
.sends { stroke: var(--automation-edge); } .feeds.view { stroke: var(--view-edge); } .feeds.projection { stroke: var(--projection-edge); stroke-dasharray: 5 4; }
.command rect { fill: var(--command); stroke: var(--command-edge); } .internal rect { stroke-dasharray: 5 4; }
.aggregate rect { fill: var(--aggregate); stroke: var(--aggregate-edge); stroke-width: 1.5; } .aggregate .title { font-size: 15px; font-weight: 600; }
.event rect { fill: var(--event); stroke: var(--event-edge); } .view rect { fill: var(--view); stroke: var(--view-edge); }
.projection rect { fill: var(--projection); stroke: var(--projection-edge); stroke-dasharray: 5 4; }
.automation rect { fill: var(--automation); stroke: var(--automation-edge); }
.badge circle { fill: var(--automation-edge); } .badge .number { fill: var(--paper); font-size: 11px; font-weight: 600; }
`
