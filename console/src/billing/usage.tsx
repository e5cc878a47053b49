import Box from "@cloudscape-design/components/box"
import Container from "@cloudscape-design/components/container"
import Header from "@cloudscape-design/components/header"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import Link from "@cloudscape-design/components/link"
import Select from "@cloudscape-design/components/select"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import { indexPath } from "../indexes/paths.ts"
import type { AccountCost } from "../model.generated.ts"
import { dollarsText } from "../money.ts"
import { Empty, ReadError } from "../shell/states.tsx"
import { latestMonths, monthText } from "./months.ts"
import { useAccountCost } from "./queries.ts"

/** What the account's indexes have used in a month, and what it costs. */
export function Usage({ accountId }: { readonly accountId: string }) {
  const [months] = useState(() => latestMonths(new Date()))
  const [thisMonth = ""] = months
  const [month, setMonth] = useState(thisMonth)
  const { data: cost, error } = useAccountCost(accountId, month)
  if (error !== null) return <ReadError error={error} what="what the indexes cost" />
  const options = months.map(value => ({ value, label: monthText(value) }))
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            actions={
              <Select
                ariaLabel="Month"
                options={options}
                selectedOption={options.find(({ value }) => value === month) ?? null}
                onChange={({ detail }) => setMonth(detail.selectedOption.value ?? thisMonth)}
              />
            }
          >
            Cost
          </Header>
        }
      >
        {cost ? (
          <KeyValuePairs columns={2} minColumnWidth={220} items={figures(cost, month === thisMonth)} />
        ) : (
          <StatusIndicator type="loading">Adding up</StatusIndicator>
        )}
      </Container>
      <Table
        items={[...(cost?.lines ?? [])].sort(byIndex)}
        loading={cost === undefined}
        loadingText="Adding up"
        trackBy={({ indexName, component }) => `${indexName}/${component}`}
        header={
          <Header description="Hours of shards and their replicas, and of inference nodes.">Usage by index</Header>
        }
        empty={<Empty title="Nothing was used">An index costs something once it is ready.</Empty>}
        columnDefinitions={[
          {
            id: "index",
            header: "Index",
            isRowHeader: true,
            cell: ({ indexName }) => <Link href={`#${indexPath(accountId, indexName)}`}>{indexName}</Link>,
          },
          { id: "component", header: "Component", cell: ({ component }) => componentText(component) },
          { id: "hours", header: "Unit hours", cell: ({ unitHours }) => hours.format(unitHours) },
          { id: "cost", header: "Cost", cell: ({ cents }) => dollarsText(cents) },
        ]}
      />
    </SpaceBetween>
  )
}

const hours = new Intl.NumberFormat("en", { maximumFractionDigits: 2 })

type Line = AccountCost["lines"][number]
const byIndex = (one: Line, other: Line) =>
  one.indexName.localeCompare(other.indexName) || other.component.localeCompare(one.component)

const figures = ({ currentCents, forecastCents }: AccountCost, isRunning: boolean) => [
  {
    label: isRunning ? "So far" : "In the month",
    value: <Box variant="awsui-value-large">{dollarsText(currentCents)}</Box>,
  },
  ...(isRunning
    ? [
        {
          label: "Forecast for the end of the month",
          value: <Box variant="awsui-value-large">{dollarsText(forecastCents)}</Box>,
        },
      ]
    : []),
]

/** "Storage: marqo.basic", of "storage/marqo.basic". */
function componentText(component: string): string {
  const [kind = "", name = ""] = component.split("/")
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}: ${name}`
}
