import Container from "@cloudscape-design/components/container"
import Header from "@cloudscape-design/components/header"
import type { ReactNode } from "react"
import { Breakable } from "./breakable.tsx"
import type { AggregateData, ContextData, EventPlace } from "./catalogue.ts"
import { readersOf } from "./catalogue.ts"
import "./model.css"

interface PictureProps {
  readonly context: ContextData
  readonly selected: EventPlace | undefined
  readonly onSelect: (place: EventPlace) => void
}

/** One bounded context as swim lanes, a lane for each aggregate. */
export function ContextPicture({ context, selected, onSelect }: PictureProps) {
  return (
    <Container header={<Header description={context.description}>{context.name}</Header>}>
      <div className="lanes">
        {context.aggregates.map(aggregate => (
          <Lane key={aggregate.name} {...{ context, aggregate, selected, onSelect }} />
        ))}
      </div>
    </Container>
  )
}

function Lane({ context, aggregate, selected, onSelect }: PictureProps & { readonly aggregate: AggregateData }) {
  const isSource = selected?.aggregate === aggregate
  const senders = context.automations.filter(({ name }) =>
    aggregate.commands.some(({ sentBy }) => sentBy.includes(name)),
  )
  const views = context.views.filter(({ from }) => from.includes(aggregate.name))
  const readers = selected === undefined ? [] : readersOf(selected)
  return (
    <section className="lane" aria-label={`Aggregate ${aggregate.name}`}>
      <header>
        <h3>{aggregate.name}</h3>
        <p>{aggregate.description}</p>
      </header>
      <Column title="Automations">
        {senders.map(({ name, description }) => (
          <Tile
            key={name}
            kind="automation"
            name={name}
            title={description}
            isRelated={selected?.event.starts.includes(name) === true}
          />
        ))}
      </Column>
      <Column title="Commands">
        {aggregate.commands.map(({ name, description, internal }) => (
          <Tile
            key={name}
            kind="command"
            name={name}
            title={description}
            note={internal ? "automations only" : ""}
            isRelated={isSource && selected.event.madeBy.includes(name)}
          />
        ))}
      </Column>
      <Column title="Events">
        {aggregate.events.map(event => (
          <button
            key={event.name}
            type="button"
            className="tile event"
            aria-pressed={selected?.event === event}
            title={event.description}
            onClick={() => onSelect({ context, aggregate, event })}
          >
            <Breakable name={event.name} />
          </button>
        ))}
      </Column>
      <Column title="Views">
        {views.map(view => (
          <Tile
            key={view.name}
            kind="view"
            name={view.name}
            title={view.description}
            note={view.kind === "projection" ? "projection" : ""}
            isRelated={isSource && readers.includes(view)}
          />
        ))}
      </Column>
    </section>
  )
}

const Column = ({ title, children }: { readonly title: string; readonly children: readonly ReactNode[] }) => (
  <div className="column">
    <h4>{title}</h4>
    {children.length > 0 ? children : <span className="none">none</span>}
  </div>
)

interface TileProps {
  readonly kind: "automation" | "command" | "view"
  readonly name: string
  readonly title: string
  readonly note?: string
  readonly isRelated: boolean
}
const Tile = ({ kind, name, title, note, isRelated }: TileProps) => (
  <div className={`tile ${kind}`} data-related={isRelated} title={title}>
    <Breakable name={name} />
    {note ? <small>{note}</small> : null}
  </div>
)
