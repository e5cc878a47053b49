import Box from "@cloudscape-design/components/box"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import SpaceBetween from "@cloudscape-design/components/space-between"
import SplitPanel from "@cloudscape-design/components/split-panel"
import type { ReactNode } from "react"
import { ReadError } from "../shell/states.tsx"
import { durationText, exactTimeText } from "../time.ts"
import { KindIndicator } from "./indicators.tsx"
import { type AggregateAddress, useHistory } from "./queries.ts"
import { RevealAction, useLeave } from "./reveal.tsx"
import { addressOf, StreamLink } from "./streamLink.tsx"
import { type Step, type StepNode, shortName } from "./trace.ts"

/** What was decided by the state at a version, and did not change it. */
const judged = ["rejected", "failed", "parked", "unchanged"]

/** Everything that is known of one step. */
export function StepPanel({ node: { step, fromMs, toMs } }: { readonly node: StepNode }) {
  const { component, kind, at, actor, commandId, causationId, stream, version, attempt, message, data } = step
  return (
    <SplitPanel header={shortName(component)} closeBehavior="hide">
      <SpaceBetween size="l">
        <KeyValuePairs
          columns={3}
          minColumnWidth={180}
          items={[
            { label: "What happened", value: <KindIndicator kind={kind} /> },
            { label: "At", value: exactTimeText(at) },
            { label: "After its cause", value: durationText(toMs - fromMs) },
            { label: "Component", value: component },
            ...(attempt ? [{ label: "Attempt", value: attempt }] : []),
            {
              label: judged.includes(kind) ? "Judged by" : "Aggregate",
              value: stream === null ? "–" : <StreamLink stream={stream} version={version} />,
            },
            { label: "Person", value: actor ?? "–" },
            { label: "Command id", value: commandId ?? "–" },
            { label: "Caused by", value: causationId ?? "–" },
          ]}
        />
        {message !== null && (
          <Section title={kind === "rejected" ? "Why it was refused" : "Message"}>{message}</Section>
        )}
        {data !== null && <StepData step={step} data={data} />}
      </SpaceBetween>
    </SplitPanel>
  )
}

/** What a step carries. What an event keeps can be revealed; what was only asked is kept nowhere but masked. */
function StepData({ step, data }: { readonly step: Step; readonly data: string }) {
  const { kind, stream, version } = step
  const isMasked = data.includes(mask)
  if (!isMasked) return <Section title="Data">{json(data)}</Section>
  if (kind === "event" && stream !== null && version !== null)
    return <EventData address={addressOf(stream)} version={version} data={data} />
  return (
    <Section title="Data, personal values masked">
      {json(data)}
      <Box variant="small">What was asked is kept masked only; what became of it can be revealed at its event.</Box>
    </Section>
  )
}

interface EventDataProps {
  readonly address: AggregateAddress
  readonly version: number
  readonly data: string
}
function EventData({ address, version, data }: EventDataProps) {
  const leave = useLeave(address)
  const { data: history, error } = useHistory(address, version, leave?.reveal ?? null)
  const plain = leave === null ? undefined : history?.events.find(event => event.version === version)?.data
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="l" alignItems="center">
        <Box variant="awsui-key-label">{plain === undefined ? "Data, personal values masked" : "Data"}</Box>
        <RevealAction address={address} />
      </SpaceBetween>
      {error !== null && <ReadError error={error} what="the event" />}
      {json(plain ?? data)}
    </SpaceBetween>
  )
}

const mask = "•••"
const json = (text: string) => <pre className="json">{pretty(text)}</pre>

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <div>
    <Box variant="awsui-key-label">{title}</Box>
    {children}
  </div>
)

/** JSON text, indented. */
export const pretty = (json: string) => JSON.stringify(JSON.parse(json), null, 2)
