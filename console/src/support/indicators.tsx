import Box from "@cloudscape-design/components/box"
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator"
import type { Summary } from "./trace.ts"

const outcomes: Record<Summary["outcome"], { type: StatusIndicatorProps.Type; text: string }> = {
  done: { type: "success", text: "Done" },
  running: { type: "in-progress", text: "Running" },
  rejected: { type: "error", text: "Rejected" },
  failed: { type: "error", text: "Failed" },
  parked: { type: "pending", text: "Parked" },
  repeated: { type: "info", text: "Already processed" },
}

/** How a request ended, with the reason when it was not done. */
export function OutcomeIndicator({ outcome, message }: Pick<Summary, "outcome" | "message">) {
  const { type, text } = outcomes[outcome]
  return (
    <>
      <StatusIndicator type={type}>{text}</StatusIndicator>
      {message !== null && (
        <Box variant="small" display="block">
          {message}
        </Box>
      )}
    </>
  )
}

const kinds: Readonly<Record<string, { type: StatusIndicatorProps.Type; text: string }>> = {
  accepted: { type: "info", text: "Asked" },
  committed: { type: "success", text: "Committed" },
  unchanged: { type: "success", text: "Already so" },
  rejected: { type: "error", text: "Rejected" },
  failed: { type: "error", text: "Failed" },
  alreadyProcessed: { type: "info", text: "Already processed" },
  event: { type: "success", text: "Event" },
  view: { type: "success", text: "View written" },
  projection: { type: "success", text: "Projection written" },
  reaction: { type: "success", text: "Automation" },
  effect: { type: "success", text: "Outside effect" },
  parked: { type: "pending", text: "Parked" },
  released: { type: "success", text: "Released" },
}

/** What a step is. */
export function KindIndicator({ kind }: { readonly kind: string }) {
  const { type, text } = kinds[kind] ?? { type: "info", text: kind }
  return <StatusIndicator type={type}>{text}</StatusIndicator>
}
