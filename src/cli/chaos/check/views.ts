import { type AnyView, indexKeys, rowKey, storedName, uniqueKeys } from "../../../core/view.ts"
import { type Facts, infoOf, partsOf } from "./facts.ts"
import { type Finding, finding, textOf } from "./finding.ts"

const isSource = (partition: unknown) => String(partition).startsWith("source/")

/** P5, P8: every row of every view equals what a fold of the event store from its first event gives; there is no other row. */
export function checkViews(facts: Facts): Finding {
  const check = finding("views equal a fold from scratch")
  const views = facts.app.contexts.flatMap(context => context.views)
  const projections = new Set(facts.app.contexts.flatMap(context => context.projections.map(storedName)))
  const wanted = views.flatMap(view => [...facts.states.keys()].flatMap(stream => rowsOf(facts, view, stream)))
  const found = facts.evidence.viewStore
    .filter(({ partition, gone }) => !isSource(partition) && gone !== true)
    .filter(({ partition }) => !projections.has(String(partition).split("/")[1] ?? ""))
    .map(({ at: _, ...item }) => textOf(item))
  check.mustEqual("the view store", found, wanted)
  return check.result
}

/** P3: the trace of each stream's newest event says that its views and projections were written. */
export function checkReadModelSteps({ app, states, streams, steps }: Facts): Finding {
  const check = finding("traces tell of views and projections")
  const told = new Set(steps.map(({ id, kind, stream, version }) => `${id} ${kind} ${stream} ${version}`))
  const feeding = (kind: "views" | "projections") =>
    new Set(app.contexts.flatMap(context => context[kind].flatMap(({ from }) => from.map(({ of }) => of))))
  const [shown, counted] = [feeding("views"), feeding("projections")]
  for (const [stream, { aggregate, version }] of states) {
    const traceId = streams.get(stream)?.at(-1)?.traceId
    const must = (kind: string) =>
      check.must(
        told.has(`trace/${traceId} ${kind} ${stream} ${version}`),
        `trace ${traceId} has no ${kind} step of ${stream} at version ${version}`,
      )
    if (shown.has(aggregate)) must("view")
    if (counted.has(aggregate)) must("projection")
  }
  return check.result
}

function rowsOf({ states, streams }: Facts, view: AnyView, stream: string): readonly string[] {
  const folded = states.get(stream)
  const last = streams.get(stream)?.at(-1)
  if (folded === undefined || last === undefined) return []
  const { aggregate, state, version } = folded
  const { tenant, id } = partsOf(stream)
  const rows: readonly Record<string, unknown>[] = view.from
    .filter(({ of }) => of === aggregate)
    .flatMap(source => [...source.rows(state as never, { tenant, id, version, time: last.at })])
  return rows.flatMap(row => [
    textOf({
      ...rowKey(view, row, aggregate.name),
      row,
      source: stream,
      version,
      ...indexAttributes(view, row, aggregate.name),
    }),
    ...uniqueKeys(view, row, stream).map(key =>
      textOf({
        ...key,
        row: Object.fromEntries(view.partition.map(field => [field, row[String(field)]])),
        source: stream,
        version,
      }),
    ),
  ])
}

const indexAttributes = (view: AnyView, row: Record<string, unknown>, aggregate: string) =>
  Object.fromEntries(
    indexKeys(view, row, aggregate).flatMap(({ partition, sort }, at) => [
      [`partition${at + 1}`, partition],
      [`sort${at + 1}`, sort],
    ]),
  )

/** P5: every projection equals its events applied once each, and has heard every stream to its end. */
export function checkProjections(facts: Facts): Finding {
  const check = finding("projections equal a fold from scratch")
  for (const projection of facts.app.contexts.flatMap(context => context.projections)) {
    const name = storedName(projection)
    const rows = new Map<string, Record<string, unknown>>()
    const heard: string[] = []
    for (const [stream, { aggregate, version }] of facts.states) {
      const source = projection.from.find(({ of }) => of === aggregate)
      if (source === undefined) continue
      heard.push(`source/${stream} at ${version}`)
      const keys = projection.key(partsOf(stream))
      const key = textOf(keys)
      for (const event of facts.streams.get(stream) ?? []) {
        const before = rows.get(key) ?? { ...projection.initial, ...keys }
        const apply = source.on[event.type]
        rows.set(key, apply === undefined ? before : { ...apply(before, event.opened as never, infoOf(event)) })
      }
    }
    const stored = facts.evidence.viewStore
    check.mustEqual(
      name,
      stored
        .filter(({ partition }) => !isSource(partition) && String(partition).split("/")[1] === name)
        .map(({ row }) => textOf(row)),
      [...rows.values()].map(textOf),
    )
    check.mustEqual(
      `progress of ${name}`,
      stored
        .filter(({ partition, sort }) => isSource(partition) && sort === name)
        .map(({ partition, version }) => `${partition} at ${version}`),
      heard,
    )
  }
  return check.result
}
