import Box from "@cloudscape-design/components/box"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import Link from "@cloudscape-design/components/link"
import SpaceBetween from "@cloudscape-design/components/space-between"
import SplitPanel from "@cloudscape-design/components/split-panel"
import type { ReactNode } from "react"
import { durationText, exactTimeText } from "../time.ts"
import { KindIndicator } from "./indicators.tsx"
import { type StepNode, shortName } from "./trace.ts"

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
            { label: "Attempt", value: attempt ?? "–" },
            {
              label: "Judged by",
              value:
                stream === null ? (
                  "–"
                ) : (
                  <Link href={`#/support/aggregate/${stream}`}>
                    {stream.split("/").slice(1).join(" ")}
                    {version === null ? "" : `, version ${version}`}
                  </Link>
                ),
            },
            { label: "Person", value: actor ?? "–" },
            { label: "Command id", value: commandId ?? "–" },
            { label: "Caused by", value: causationId ?? "–" },
          ]}
        />
        {message !== null && (
          <Section title={kind === "rejected" ? "Why it was refused" : "Message"}>{message}</Section>
        )}
        {data !== null && (
          <Section title="Data, personal values masked">
            <pre className="json">{pretty(data)}</pre>
          </Section>
        )}
      </SpaceBetween>
    </SplitPanel>
  )
}

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <div>
    <Box variant="awsui-key-label">{title}</Box>
    {children}
  </div>
)

/** JSON text, indented. */
export const pretty = (json: string) => JSON.stringify(JSON.parse(json), null, 2)
