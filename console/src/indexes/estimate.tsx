import Alert from "@cloudscape-design/components/alert"
import Box from "@cloudscape-design/components/box"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import { dollarsText, fineDollarsText } from "../money.ts"
import { useEstimate } from "./queries.ts"
import type { Settings } from "./settings.ts"

/** What an index with these settings costs, told before anybody asks for it. */
export function Estimate({ settings }: { readonly settings: Settings }) {
  const { data, error, isPlaceholderData } = useEstimate(settings)
  if (error !== null)
    return (
      <Alert type="warning" header="No estimate">
        {error.message}
      </Alert>
    )
  if (!data) return <StatusIndicator type="loading">Estimating the cost</StatusIndicator>
  return (
    <div aria-live="polite" aria-busy={isPlaceholderData}>
      <KeyValuePairs
        columns={2}
        minColumnWidth={220}
        items={[
          {
            label: "Estimated monthly cost",
            value: <Box variant="awsui-value-large">{dollarsText(data.monthCents)}</Box>,
          },
          { label: "Hourly cost", value: fineDollarsText(data.hourMillionths) },
        ]}
      />
    </div>
  )
}
