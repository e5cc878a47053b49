import type { CatalogueAggregate, CatalogueContext } from "./catalogue.ts"
import { textWidth } from "./svg.ts"

export const margin = 28
const columnGap = 84
export const boxHeight = 32
const boxGap = 10
export const lanePadding = 20
const laneGap = 16
/** Where the lanes begin, below the headings. */
export const top = 74

/** Where a box stands in its column. */
export interface Placed {
  readonly y: number
  readonly height: number
}

export interface Column {
  readonly x: number
  readonly width: number
}

/** One column per kind, each as wide as its longest text. */
export function layColumns({ automations, aggregates, views }: CatalogueContext) {
  const widest = (texts: readonly string[], size: number, extra: number) =>
    Math.ceil(Math.max(120, ...texts.map(text => textWidth(text, size))) + extra)
  const widths = {
    automations: Math.max(
      widest(
        automations.map(({ name }) => name),
        13,
        72,
      ),
      widest(
        automations.map(({ when, effects }) => ["when", shortName(when), ...effects].join(" · ")),
        11,
        56,
      ),
    ),
    commands: widest(
      aggregates.flatMap(({ commands }) => commands.map(({ name }) => name)),
      13,
      36,
    ),
    aggregates: widest(
      aggregates.map(({ name }) => name),
      15,
      48,
    ),
    events: widest(
      aggregates.flatMap(({ events }) => events.map(({ name }) => name)),
      13,
      52,
    ),
    views: widest([...views.map(({ name }) => name), ...views.map(({ description }) => description)], 11.5, 44),
  }
  let x = margin
  const column = (width: number): Column => {
    const placed = { x, width }
    x += width + columnGap
    return placed
  }
  const names = automations.length === 0 ? { ...widths, automations: 0 } : widths
  return {
    automations: column(names.automations),
    commands: column(names.commands),
    aggregates: column(names.aggregates),
    events: column(names.events),
    views: column(names.views),
  }
}

export type Columns = ReturnType<typeof layColumns>

/** One lane per aggregate, as high as its longer list. */
export function layLanes(aggregates: readonly CatalogueAggregate[]): readonly Placed[] {
  let y = top
  return aggregates.map(({ commands, events }) => {
    const rows = Math.max(commands.length, events.length, 2)
    const placed = { y, height: rows * (boxHeight + boxGap) - boxGap + 2 * lanePadding }
    y += placed.height + laneGap
    return placed
  })
}

/** Where each command or event stands, centred in its lane. */
export function placeMessages(
  context: string,
  aggregates: readonly CatalogueAggregate[],
  lanes: readonly Placed[],
  messagesOf: (aggregate: CatalogueAggregate) => readonly { readonly name: string }[],
): ReadonlyMap<string, Placed> {
  return new Map(
    aggregates.flatMap((aggregate, index) => {
      const messages = messagesOf(aggregate)
      const lane = lanes[index] ?? { y: top, height: 0 }
      const height = messages.length * (boxHeight + boxGap) - boxGap
      const start = lane.y + (lane.height - height) / 2
      return messages.map(
        ({ name }, row) =>
          [`${context}.${name}`, { y: start + row * (boxHeight + boxGap), height: boxHeight }] as const,
      )
    }),
  )
}

/** Boxes as near as possible to where each wishes to be, without overlap. */
export function spread(
  wishes: readonly { wish: number; height: number }[],
  room: { from: number; to: number },
): readonly Placed[] {
  const gap = 14
  const order = wishes.map((_, index) => index).sort((a, b) => (wishes[a]?.wish ?? 0) - (wishes[b]?.wish ?? 0))
  const total = wishes.reduce((sum, { height }) => sum + height + gap, -gap)
  let rest = Math.max(0, room.to - room.from - total)
  let y = room.from
  const placed: Placed[] = []
  for (const index of order) {
    const { wish, height } = wishes[index] ?? { wish: y, height: 0 }
    const shift = Math.min(rest, Math.max(0, wish - height / 2 - y))
    y += shift
    rest -= shift
    placed[index] = { y, height }
    y += height + gap
  }
  return placed
}

/** A message's name without its context. */
export const shortName = (type: string) => type.slice(type.indexOf(".") + 1)
