import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import FormField from "@cloudscape-design/components/form-field"
import Header from "@cloudscape-design/components/header"
import Input from "@cloudscape-design/components/input"
import Link from "@cloudscape-design/components/link"
import Select from "@cloudscape-design/components/select"
import Slider from "@cloudscape-design/components/slider"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import { useLocation } from "wouter"
import { contexts } from "../model/catalogue.ts"
import { Page } from "../shell/page.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { exactTimeText } from "../time.ts"
import { type AggregateAddress, type History, useHistory } from "./queries.ts"
import { differencesOf } from "./stateDifference.ts"
import "./support.css"

const trail = [{ text: "Support", href: "#/support" }]
const kinds = contexts.flatMap(({ aggregates }) => aggregates.map(({ name }) => ({ value: name, label: name })))

/** Asks which aggregate. */
export function ChooseAggregatePage() {
  const [kind, setKind] = useState(kinds[0])
  const [id, setId] = useState("")
  const [tenant, setTenant] = useState("")
  const [, navigate] = useLocation()
  return (
    <Page
      title="Aggregates"
      trail={trail}
      header={
        <Header variant="h1" description="What has happened to one aggregate, and its state at any version.">
          Aggregates
        </Header>
      }
    >
      <Container>
        <form
          onSubmit={event => {
            event.preventDefault()
            if (kind && id.trim())
              navigate(`/support/aggregate/${tenant.trim() || id.trim()}/${kind.value}/${id.trim()}`)
          }}
        >
          <SpaceBetween size="l">
            <FormField label="Aggregate">
              <Select
                options={kinds}
                selectedOption={kind ?? null}
                onChange={({ detail }) => setKind(kinds.find(({ value }) => value === detail.selectedOption.value))}
              />
            </FormField>
            <FormField label="Id">
              <Input value={id} onChange={({ detail }) => setId(detail.value)} />
            </FormField>
            <FormField
              label={
                <>
                  Account <i>- optional</i>
                </>
              }
              description="The account that it belongs to; leave it out for the account itself."
            >
              <Input value={tenant} onChange={({ detail }) => setTenant(detail.value)} />
            </FormField>
            <Button variant="primary" formAction="submit">
              Show
            </Button>
          </SpaceBetween>
        </form>
      </Container>
    </Page>
  )
}

/** The life of one aggregate. */
export function AggregatePage(address: AggregateAddress) {
  const { data: history, error, isLoading } = useHistory(address, null)
  const title = `${address.aggregate} ${address.id}`
  return (
    <Page
      title={title}
      trail={[...trail, { text: "Aggregates", href: "#/support/aggregate" }]}
      header={
        <Header variant="h1" description={`Of account ${address.tenant}`}>
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
          <StateAtVersion address={address} newest={history.version} />
          <Events history={history} />
        </SpaceBetween>
      ) : (
        <Empty title="Nothing has happened to it">Check the id and the account.</Empty>
      )}
    </Page>
  )
}

function StateAtVersion({ address, newest }: { readonly address: AggregateAddress; readonly newest: number }) {
  const [version, setVersion] = useState(newest)
  const now = useHistory(address, version)
  const before = useHistory(address, version - 1)
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

const Events = ({ history }: { readonly history: History }) => (
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
        header: "Data, personal values masked",
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
