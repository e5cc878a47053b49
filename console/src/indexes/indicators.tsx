import Box from "@cloudscape-design/components/box"
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator"
import type { IndexStatus, SearchIndex } from "../model.generated.ts"
import { isPaused } from "./settings.ts"

const looks: Readonly<Record<IndexStatus, { readonly type: StatusIndicatorProps.Type; readonly text: string }>> = {
  CREATING: { type: "in-progress", text: "Creating" },
  READY: { type: "success", text: "Ready" },
  MODIFYING: { type: "in-progress", text: "Modifying" },
  DELETING: { type: "in-progress", text: "Deleting" },
  DELETED: { type: "stopped", text: "Deleted" },
  FAILED: { type: "error", text: "Failed" },
}

/** How an index is, and why it failed. */
export function IndexIndicator({ index }: { readonly index: SearchIndex }) {
  if (isPaused(index)) return <StatusIndicator type="stopped">Paused</StatusIndicator>
  const { type, text } = looks[index.status]
  return (
    <>
      <StatusIndicator type={type}>{text}</StatusIndicator>
      {index.status === "FAILED" && index.errorMsg && <Box color="text-body-secondary">{index.errorMsg}</Box>}
    </>
  )
}
