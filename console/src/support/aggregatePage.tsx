import Container from "@cloudscape-design/components/container"
import FormField from "@cloudscape-design/components/form-field"
import Header from "@cloudscape-design/components/header"
import Link from "@cloudscape-design/components/link"
import Slider from "@cloudscape-design/components/slider"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import { Page } from "../shell/page.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { exactTimeText } from "../time.ts"
import { type AggregateAddress, type History, useHistory } from "./queries.ts"
import { RevealAction, useLeave } from "./reveal.tsx"
import { differencesOf } from "./stateDifference.ts"
import "./support.css"

const trail = [{ text: "Support", href: "#/support" }]

/** The aggregate in which support's own doings stand. */
const logName = "supportLog"

/** The life of one aggregate. */
export function AggregatePage(address: AggregateAddress) {
  const leave = useLeave(address)
  const { data: history, error, isLoading } = useHistory(address, null, leave?.reveal ?? null)
  const title = `${address.aggregate} ${address.id}`
  const isLog = address.aggregate === logName
  return (
    <Page
      title={title}
      trail={[...trail, { text: "Aggregates", href: "#/support/aggregate" }]}
      header={
        <Header
          variant="h1"
          description={address.tenant === address.id ? "An account" : `Of account ${address.tenant}`}
          actions={history && !isLog && <RevealAction address={address} />}
        >
          {title}
        </Header>
      }
    >
      {error !== null ? (
        <ReadError error={error} what="this aggregate" />
      ) : isLoading ? (
        <StatusIndicator type="loading">Loading the history</StatusIndicator>
      ) : history ? (
        <SpaceBetween size="l">
          <StateAtVersion address={address} newest={history.version} reveal={leave?.reveal ?? null} />
          <Events history={history} isMasked={leave === null} />
          {!isLog && <SupportLog address={address} />}
        </SpaceBetween>
      ) : (
        <Empty title="Nothing has happened to it">Check the id and the account.</Empty>
      )}
    </Page>
  )
}

interface StateProps {
  readonly address: AggregateAddress
  readonly newest: number
  readonly reveal: string | null
}
function StateAtVersion({ address, newest, reveal }: StateProps) {
  const [version, setVersion] = useState(newest)
  const now = useHistory(address, version, reveal)
  const before = useHistory(address, version - 1, reveal)
  const event = now.data?.events.find(one => one.version === version)
  const isSettled = now.data?.version === version && before.data?.version === version - 1
  return (
    <Container
      header={
        <Header description={event && `${event.type}, ${exactTimeText(event.at)}`}>State at version {version}</Header>
      }
    >
      <SpaceBetween size="m">
        {newest > 1 && (
          <FormField label="Version">
            <Slider
              value={version}
              min={1}
              max={newest}
              step={1}
              tickMarks={newest <= 20}
              onChange={({ detail }) => setVersion(detail.value)}
            />
          </FormField>
        )}
        <Table
          variant="embedded"
          contentDensity="compact"
          loading={!isSettled && now.data === undefined}
          loadingText="Loading the state"
          items={[...differencesOf(before.data?.state ?? null, now.data?.state ?? null)]}
          trackBy="path"
          empty="No state"
          columnDefinitions={[
            { id: "path", header: "Field", isRowHeader: true, cell: ({ path }) => path },
            {
              id: "before",
              header: version === 1 ? "Before" : `At version ${version - 1}`,
              cell: ({ before: value }) => value ?? "–",
            },
            {
              id: "after",
              header: `At version ${version}`,
              cell: ({ after, isChanged }) =>
                isChanged ? <mark className="changed">{after ?? "removed"}</mark> : (after ?? "–"),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  )
}

const FieldList = ({ json }: { readonly json: string }) => (
  <>
    {differencesOf(null, json).map(({ path, after }) => (
      <div key={path}>
        {path}: <b>{after}</b>
      </div>
    ))}
  </>
)

const Events = ({ history, isMasked }: { readonly history: History; readonly isMasked: boolean }) => (
  <Table
    items={[...history.events].reverse()}
    trackBy={({ version }) => String(version)}
    wrapLines
    header={<Header counter={`(${history.version})`}>Events</Header>}
    columnDefinitions={[
      { id: "version", header: "Version", width: 90, cell: ({ version }) => version },
      { id: "type", header: "Event", isRowHeader: true, cell: ({ type }) => type },
      {
        id: "data",
        header: isMasked ? "Data, personal values masked" : "Data",
        cell: ({ data }) => <FieldList json={data} />,
      },
      { id: "at", header: "At", cell: ({ at }) => exactTimeText(at) },
      {
        id: "trace",
        header: "Request",
        cell: ({ traceId }) => <Link href={`#/support/trace/${traceId}`}>{traceId}</Link>,
      },
    ]}
  />
)

/** What support did about the aggregate; nothing when it did nothing. */
function SupportLog({ address: { tenant, aggregate, id } }: { readonly address: AggregateAddress }) {
  const { data: log } = useHistory({ tenant, aggregate: logName, id: `${aggregate}.${id}` }, null)
  if (!log) return null
  return (
    <Table
      items={[...log.events].reverse()}
      trackBy={({ version }) => String(version)}
      wrapLines
      header={<Header counter={`(${log.version})`}>What support did</Header>}
      columnDefinitions={[
        { id: "type", header: "Event", isRowHeader: true, cell: ({ type }) => type },
        { id: "why", header: "Reason or cause", cell: ({ data }) => JSON.parse(data).reason ?? JSON.parse(data).cause },
        { id: "actor", header: "Person", cell: ({ actor }) => actor },
        { id: "at", header: "At", cell: ({ at }) => exactTimeText(at) },
        {
          id: "trace",
          header: "Request",
          cell: ({ traceId }) => <Link href={`#/support/trace/${traceId}`}>{traceId}</Link>,
        },
      ]}
    />
  )
}
