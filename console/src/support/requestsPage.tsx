import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import FormField from "@cloudscape-design/components/form-field"
import Header from "@cloudscape-design/components/header"
import Input from "@cloudscape-design/components/input"
import Link from "@cloudscape-design/components/link"
import SpaceBetween from "@cloudscape-design/components/space-between"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import { useLocation } from "wouter"
import { findableText } from "../apiKeys/secret.ts"
import { Page } from "../shell/page.tsx"
import { Pager } from "../shell/pager.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { durationText, exactTimeText } from "../time.ts"
import { OutcomeIndicator } from "./indicators.tsx"
import { useRequests } from "./queries.ts"
import "./support.css"

/** One search box for whatever support has in hand. */
export function RequestsPage({ text }: { readonly text: string }) {
  const [typed, setTyped] = useState(text)
  const [, navigate] = useLocation()
  const find = (wanted: string) => {
    const text = findableText(wanted.trim())
    if (text !== "") navigate(`/support/find/${encodeURIComponent(text)}`)
  }
  return (
    <Page
      title="Requests"
      trail={[{ text: "Support", href: "#/support" }]}
      header={
        <Header variant="h1" description="What happened to a request, from the click to the last view.">
          Requests
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container>
          <search>
            <form
              onSubmit={event => {
                event.preventDefault()
                find(typed)
              }}
            >
              <FormField
                label="Find requests"
                description="By e-mail address, account id or slug, index name, API key or its first 8 characters, customer of Stripe, person, command id or trace id."
                secondaryControl={
                  <Button variant="primary" formAction="submit">
                    Find
                  </Button>
                }
              >
                <Input
                  type="search"
                  value={typed}
                  placeholder="owner@example.org"
                  onChange={({ detail }) => setTyped(detail.value)}
                />
              </FormField>
            </form>
          </search>
        </Container>
        {text === "" ? (
          <SpaceBetween size="l">
            <Found text="failed" title="Failed in the last 24 hours" sinceMs={dayMs} empty="No request failed" />
            <Found text="parked" title="Set aside in the last 24 hours" sinceMs={dayMs} empty="Nothing was set aside" />
            <Found
              text="rejected"
              title="Refused in the last 24 hours"
              sinceMs={dayMs}
              empty="No request was refused"
            />
          </SpaceBetween>
        ) : (
          <Found text={text} />
        )}
      </SpaceBetween>
    </Page>
  )
}

interface FoundProps {
  /** Whatever leads to requests; the words `failed`, `parked` and `rejected` lead to the latest that ended so. */
  readonly text: string
  readonly title?: string
  readonly empty?: string
  /** Shows only what was asked so many milliseconds ago at the most. */
  readonly sinceMs?: number
}

const dayMs = 86_400_000

function Found({ text, title = "Requests", empty = "No request found", sinceMs }: FoundProps) {
  const requests = useRequests(text, sinceMs)
  if (requests.error !== null) return <ReadError error={requests.error} what="these requests" />
  return (
    <Table
      items={[...requests.items]}
      trackBy="traceId"
      loading={requests.isLoading}
      loadingText="Looking for requests"
      wrapLines
      header={
        <Header description={sinceMs === undefined ? `Newest first, for “${text}”.` : "Newest first."}>{title}</Header>
      }
      empty={
        <Empty title={empty}>
          {sinceMs === undefined ? "Check the text. A request is kept for as long as traces are." : "All is well."}
        </Empty>
      }
      ariaLabels={{ tableLabel: title }}
      pagination={<Pager of={requests} list={title} />}
      columnDefinitions={[
        {
          id: "title",
          header: "Request",
          isRowHeader: true,
          cell: ({ traceId, title }) => <Link href={`#/support/trace/${traceId}`}>{title}</Link>,
        },
        {
          id: "outcome",
          header: "Outcome",
          minWidth: 240,
          cell: ({ outcome, message }) => <OutcomeIndicator outcome={outcome} message={message} />,
        },
        { id: "at", header: "Asked", cell: ({ at }) => <span className="nowrap">{exactTimeText(at)}</span> },
        {
          id: "duration",
          header: "Took",
          cell: ({ durationMs }) => <span className="nowrap">{durationText(durationMs)}</span>,
        },
        { id: "actor", header: "Person", cell: ({ actor }) => actor },
      ]}
    />
  )
}
