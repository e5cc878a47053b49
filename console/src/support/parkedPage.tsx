import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import Header from "@cloudscape-design/components/header"
import Link from "@cloudscape-design/components/link"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import { Page } from "../shell/page.tsx"
import { Pager } from "../shell/pager.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { exactTimeText } from "../time.ts"
import { type Parked, useParked } from "./parked.ts"
import { ReleaseForm } from "./releaseForm.tsx"
import { StreamLink } from "./streamLink.tsx"
import { shortName } from "./trace.ts"

/** What is set aside, grouped by its cause, until somebody releases it. */
export function ParkedPage() {
  const parked = useParked()
  const [releasing, setReleasing] = useState<Parked>()
  const causes = [...new Set(parked.items.map(({ cause }) => cause))]
  return (
    <Page
      title="Parked work"
      trail={[{ text: "Support", href: "#/support" }]}
      header={
        <Header
          variant="h1"
          description="Set aside with what came after it, so that nothing is lost and everything else goes on."
        >
          Parked work
        </Header>
      }
    >
      {parked.error !== null ? (
        <ReadError error={parked.error} what="parked work" />
      ) : parked.isLoading ? (
        <StatusIndicator type="loading">Loading parked work</StatusIndicator>
      ) : causes.length === 0 ? (
        <Container>
          <Empty title="Nothing is parked">Every request is decided, and every event is handled.</Empty>
        </Container>
      ) : (
        <SpaceBetween size="l">
          {causes.map(cause => (
            <Cause
              key={cause}
              cause={cause}
              items={parked.items.filter(item => item.cause === cause)}
              onRelease={setReleasing}
            />
          ))}
          <Pager of={parked} />
        </SpaceBetween>
      )}
      {releasing !== undefined && <ReleaseForm parked={releasing} onClose={() => setReleasing(undefined)} />}
    </Page>
  )
}

interface CauseProps {
  readonly cause: string
  readonly items: readonly Parked[]
  readonly onRelease: (parked: Parked) => void
}

const Cause = ({ cause, items, onRelease }: CauseProps) => (
  <Table
    items={[...items]}
    trackBy="stream"
    wrapLines
    header={<Header counter={`(${items.length})`}>{cause}</Header>}
    columnDefinitions={[
      {
        id: "stream",
        header: "Aggregate",
        isRowHeader: true,
        cell: ({ stream }) => <StreamLink stream={stream} />,
      },
      {
        id: "kind",
        header: "What is parked",
        cell: ({ kind, version }) =>
          kind === "stream" ? `The stream, before version ${version ?? "1"}` : `Delivery of version ${version ?? "–"}`,
      },
      { id: "at", header: "Since", cell: ({ at }) => exactTimeText(at) },
      {
        id: "waiting",
        header: "Waiting",
        cell: ({ waiting }) => (
          <SpaceBetween size="xxs">
            {waiting.map(({ type, traceId, commandId }) => (
              <Link key={commandId + type} href={`#/support/trace/${traceId}`}>
                {shortName(type)}
              </Link>
            ))}
          </SpaceBetween>
        ),
      },
      {
        id: "actions",
        header: "Actions",
        cell: item => (
          <Button wrapText={false} onClick={() => onRelease(item)}>
            Rehearse and release
          </Button>
        ),
      },
    ]}
  />
)
