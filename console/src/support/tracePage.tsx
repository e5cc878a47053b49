import Alert from "@cloudscape-design/components/alert"
import Container from "@cloudscape-design/components/container"
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard"
import Header from "@cloudscape-design/components/header"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import Link from "@cloudscape-design/components/link"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import { useState } from "react"
import { Page } from "../shell/page.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { durationText, exactTimeText } from "../time.ts"
import { OutcomeIndicator } from "./indicators.tsx"
import { type Trace, useTrace } from "./queries.ts"
import { StepPanel } from "./stepPanel.tsx"
import { StreamLink } from "./streamLink.tsx"
import { type StepNode, summaryOf, treesOf } from "./trace.ts"
import { WaitsNotice } from "./waitsNotice.tsx"
import { Waterfall } from "./waterfall.tsx"

const trail = [
  { text: "Support", href: "#/support" },
  { text: "Requests", href: "#/support" },
]

/** One request, from the click to the last view. */
export function TracePage({ traceId }: { readonly traceId: string }) {
  const { data: trace, error, isLoading } = useTrace(traceId)
  const [selected, setSelected] = useState<StepNode>()
  const summary = summaryOf(trace?.steps ?? [])
  const title = summary?.title ?? "Request"
  return (
    <Page
      title={title}
      trail={trail}
      header={
        <Header variant="h1" description={summary && `Asked ${exactTimeText(summary.at)}`}>
          {title}
        </Header>
      }
      panelAt="bottom"
      panel={selected === undefined ? undefined : <StepPanel node={selected} />}
      isPanelOpen={selected !== undefined}
      onPanelToggle={isOpen => !isOpen && setSelected(undefined)}
    >
      {error !== null ? (
        <ReadError error={error} what="this request" />
      ) : isLoading ? (
        <StatusIndicator type="loading">Loading the request</StatusIndicator>
      ) : trace ? (
        <FoundTrace traceId={traceId} trace={trace} selected={selected} onSelect={setSelected} />
      ) : (
        <Empty title="Nothing is known of this request">It may take a moment to be registered.</Empty>
      )}
    </Page>
  )
}

interface FoundTraceProps {
  readonly traceId: string
  readonly trace: Trace
  readonly selected: StepNode | undefined
  readonly onSelect: (node: StepNode) => void
}

function FoundTrace({ traceId, trace, selected, onSelect }: FoundTraceProps) {
  const summary = summaryOf(trace.steps)
  const streams = [...new Set(trace.steps.flatMap(({ stream }) => (stream === null ? [] : [stream])))]
  if (summary === undefined) return null
  return (
    <SpaceBetween size="l">
      <WaitsNotice traceId={traceId} isParked={summary.outcome === "parked"} />
      <Container header={<Header>Request details</Header>}>
        <KeyValuePairs
          columns={3}
          minColumnWidth={180}
          items={[
            {
              label: "Outcome",
              value: <OutcomeIndicator outcome={summary.outcome} message={summary.message} />,
            },
            { label: "Took", value: durationText(summary.durationMs) },
            { label: "Person", value: <Link href={`#/support/find/${summary.actor}`}>{summary.actor}</Link> },
            {
              label: "Trace id",
              value: (
                <CopyToClipboard
                  variant="inline"
                  textToCopy={traceId}
                  copyButtonAriaLabel="Copy the trace id"
                  copySuccessText="Trace id copied"
                  copyErrorText="Could not copy the trace id"
                />
              ),
            },
            {
              label: "Aggregates",
              value:
                streams.length === 0 ? (
                  "–"
                ) : (
                  <SpaceBetween size="xxs">
                    {streams.map(stream => (
                      <StreamLink key={stream} stream={stream} />
                    ))}
                  </SpaceBetween>
                ),
            },
          ]}
        />
      </Container>
      {trace.truncated && (
        <Alert type="warning">This request has more steps than are shown; the first ones are here.</Alert>
      )}
      <Waterfall trees={treesOf(trace.steps)} selected={selected} onSelect={onSelect} />
    </SpaceBetween>
  )
}
