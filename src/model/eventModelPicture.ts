import type { CatalogueAggregate, CatalogueContext } from "./catalogue.ts"
import {
  boxHeight,
  type Columns,
  lanePadding,
  layColumns,
  layLanes,
  margin,
  type Placed,
  placeMessages,
  shortName,
  spread,
  top,
} from "./eventModelLayout.ts"
import { curve, label, pictureStyle, pill } from "./svg.ts"

const legendHeight = 48

/** One context as a picture (SVG): automations → commands → aggregates → events → views, one lane per aggregate. */
export function eventModelPicture(context: CatalogueContext): string {
  const { aggregates, automations, views } = context
  const columns = layColumns(context)
  const lanes = layLanes(aggregates)
  const lanesEnd = (lanes.at(-1)?.y ?? top) + (lanes.at(-1)?.height ?? 0)
  const commandAt = placeMessages(context.name, aggregates, lanes, aggregate => aggregate.commands)
  const eventAt = placeMessages(context.name, aggregates, lanes, aggregate => aggregate.events)

  const automationAt = spread(
    automations.map(({ sends }) => ({ wish: mean(sends.flatMap(name => middle(commandAt.get(name)))), height: 48 })),
    { from: top, to: lanesEnd },
  )
  const laneOf = (name: string) => lanes[aggregates.findIndex(aggregate => aggregate.name === name)]
  const viewAt = spread(
    views.map(({ from }) => ({ wish: mean(from.flatMap(name => middle(laneOf(name)))), height: 48 })),
    { from: top, to: lanesEnd },
  )
  const width = columns.views.x + columns.views.width + margin
  const height = Math.max(lanesEnd, bottom(automationAt), bottom(viewAt)) + legendHeight + margin
  const laneStart = columns.commands.x - 22
  const laneEnd = columns.events.x + columns.events.width + 22

  const parts = [
    ...headings(columns),
    ...lanes.map(
      ({ y, height }) =>
        `<rect class="lane" x="${laneStart}" y="${y}" width="${laneEnd - laneStart}" height="${height}" rx="14"/>`,
    ),
    ...automations.flatMap(({ sends }, index) =>
      sends.flatMap(name => {
        const to = middle(commandAt.get(name))[0]
        const from = middle(automationAt[index])[0]
        if (to === undefined || from === undefined) return []
        return [curve("sends", columns.automations.x + columns.automations.width, from, columns.commands.x, to)]
      }),
    ),
    ...views.flatMap(({ from, kind }, index) =>
      from.flatMap(name => {
        const start = middle(laneOf(name))[0]
        const end = middle(viewAt[index])[0]
        return start === undefined || end === undefined
          ? []
          : [curve(`feeds ${kind}`, laneEnd, start, columns.views.x, end)]
      }),
    ),
    ...aggregates.flatMap((aggregate, index) => lane(context, aggregate, lanes[index], columns, commandAt, eventAt)),
    ...automations.map(({ name, when, effects }, index) =>
      pill({
        kind: "automation",
        ...columns.automations,
        ...place(automationAt, index),
        title: name,
        note: [`when ${shortName(when)}`, ...effects].join(" · "),
        badge: { number: index + 1, side: "left" },
      }),
    ),
    ...views.map(({ name, kind, description }, index) =>
      pill({ kind, ...columns.views, ...place(viewAt, index), title: name, note: description }),
    ),
    legend(margin, height - margin - 6, width),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">Event model of ${context.name}</title>
<desc id="description">${aggregates.map(sentence).join(" ")}</desc>
<style>${pictureStyle}</style>
<rect class="paper" width="${width}" height="${height}" rx="16"/>
${parts.join("\n")}
</svg>
`
}

const sentence = ({ name, commands, events }: CatalogueAggregate) =>
  `${name}: ${commands.map(command => command.name).join(", ")} lead to ${events.map(event => event.name).join(", ")}.`

function lane(
  context: CatalogueContext,
  { name, commands, events }: CatalogueAggregate,
  placed: Placed | undefined,
  columns: Columns,
  commandAt: ReadonlyMap<string, Placed>,
  eventAt: ReadonlyMap<string, Placed>,
): readonly string[] {
  if (placed === undefined) return []
  const box = { y: placed.y + lanePadding, height: placed.height - 2 * lanePadding }
  const numbers = new Map(context.automations.map((automation, index) => [automation.name, index + 1]))
  const end = columns.aggregates.x + columns.aggregates.width
  return [
    ...commands.flatMap(command => {
      const at = commandAt.get(`${context.name}.${command.name}`) ?? box
      return [
        curve(
          "asks",
          columns.commands.x + columns.commands.width,
          at.y + at.height / 2,
          columns.aggregates.x,
          inside(at, box),
        ),
        pill({
          kind: command.internal ? "command internal" : "command",
          ...columns.commands,
          ...at,
          title: command.name,
        }),
      ]
    }),
    ...events.flatMap(event => {
      const at = eventAt.get(`${context.name}.${event.name}`) ?? box
      return [
        curve("gives", end, inside(at, box), columns.events.x, at.y + at.height / 2),
        pill({
          kind: "event",
          ...columns.events,
          ...at,
          title: event.name,
          badges: event.starts.flatMap(automation => numbers.get(automation) ?? []),
        }),
      ]
    }),
    pill({ kind: "aggregate", ...columns.aggregates, ...box, title: name }),
  ]
}

const headings = (columns: Columns) =>
  Object.entries(columns)
    .filter(([, { width }]) => width > 0)
    .map(([name, { x, width }]) => label("heading", x + width / 2, top - 26, name))

/** Height at which a line from a box meets the higher box beside it. */
const inside = (at: Placed, box: Placed) =>
  Math.min(Math.max(at.y + at.height / 2, box.y + 14), box.y + box.height - 14)

function legend(x: number, y: number, width: number): string {
  const text =
    "dashed: asked for by automations only  ·  ① on an event: starts the automation with this number  ·  views are made from the state of an aggregate, projections event by event"
  return label("legend", Math.max(x, width / 2), y, text)
}

const place = (placed: readonly Placed[], index: number): Placed => placed[index] ?? { y: top, height: boxHeight }
const middle = (at: Placed | undefined): readonly number[] => (at === undefined ? [] : [at.y + at.height / 2])
const mean = (values: readonly number[]) =>
  values.length === 0 ? top : values.reduce((sum, value) => sum + value, 0) / values.length
const bottom = (placed: readonly Placed[]) => Math.max(0, ...placed.map(({ y, height }) => y + height))
