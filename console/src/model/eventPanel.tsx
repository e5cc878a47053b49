import Badge from "@cloudscape-design/components/badge"
import Box from "@cloudscape-design/components/box"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import SpaceBetween from "@cloudscape-design/components/space-between"
import SplitPanel from "@cloudscape-design/components/split-panel"
import Table from "@cloudscape-design/components/table"
import { Breakable } from "./breakable.tsx"
import { type EventPlace, readersOf } from "./catalogue.ts"

/** One event: schema, version, who makes it, who uses it. */
export function EventPanel({ place }: { readonly place: EventPlace }) {
  const { context, aggregate, event } = place
  return (
    <SplitPanel header={event.name} closeBehavior="hide">
      <SpaceBetween size="l">
        <Box>{event.description}</Box>
        <KeyValuePairs
          columns={2}
          items={[
            { label: "Event type", value: <Breakable name={`${context.name}.${event.name}`} /> },
            { label: "Schema version", value: versions(event.schemaVersion) },
            {
              label: "Producers",
              value: <Names of={[...kindOf("command", event.madeBy), ...kindOf("aggregate", [aggregate.name])]} />,
            },
            {
              label: "Consumers",
              value: <Names of={[...kindOf("automation", event.starts), ...readersOf(place)]} />,
            },
          ]}
        />
        <Table
          variant="embedded"
          wrapLines
          items={[...event.fields]}
          trackBy="name"
          empty="No fields"
          columnDefinitions={[
            {
              id: "name",
              header: "Field",
              isRowHeader: true,
              cell: ({ name, description }) => (
                <>
                  {name}
                  {description !== undefined && (
                    <Box variant="small" display="block">
                      {description}
                    </Box>
                  )}
                </>
              ),
            },
            { id: "type", header: "Type", cell: ({ type, required }) => `${type}${required ? "" : ", optional"}` },
            {
              id: "hidden",
              header: "Protection",
              cell: ({ hidden }) => (hidden === undefined ? "–" : <Badge color="severity-medium">{hidden}</Badge>),
            },
          ]}
        />
      </SpaceBetween>
    </SplitPanel>
  )
}

const versions = (newest: number) => (newest === 1 ? "1" : `${newest}; older ones are upcast when they are read`)

interface Named {
  readonly kind: string
  readonly name: string
}
const kindOf = (kind: string, names: readonly string[]): readonly Named[] => names.map(name => ({ kind, name }))

const Names = ({ of }: { readonly of: readonly Named[] }) =>
  of.length === 0 ? (
    <>None</>
  ) : (
    <ul className="names">
      {of.map(({ kind, name }) => (
        <li key={`${kind} ${name}`}>
          <Breakable name={name} />
          <Box variant="small" display="block">
            {kind}
          </Box>
        </li>
      ))}
    </ul>
  )
