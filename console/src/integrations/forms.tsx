import Box from "@cloudscape-design/components/box"
import { CommandForm } from "../commands/commandForm.tsx"

interface FormProps {
  readonly accountId: string
  readonly onClose: () => void
}

const sites = [
  { value: "datadoghq.com", label: "US1", description: "datadoghq.com" },
  { value: "us3.datadoghq.com", label: "US3", description: "us3.datadoghq.com" },
  { value: "us5.datadoghq.com", label: "US5", description: "us5.datadoghq.com" },
  { value: "datadoghq.eu", label: "EU1", description: "datadoghq.eu" },
  { value: "ap1.datadoghq.com", label: "AP1", description: "ap1.datadoghq.com" },
  { value: "ap2.datadoghq.com", label: "AP2", description: "ap2.datadoghq.com" },
  { value: "ddog-gov.com", label: "US1-FED", description: "ddog-gov.com" },
] as const

interface EnableProps extends FormProps {
  /** Where metrics go now. */
  readonly site: string | null
}
export const EnableDatadogForm = ({ accountId, site, ...props }: EnableProps) => (
  <CommandForm
    {...props}
    title={site === null ? "Enable Datadog" : "Change site or key"}
    mutation="enableDatadog"
    fields={[
      { name: "site", label: "Site", description: "Where your Datadog account is.", options: sites },
      {
        name: "apiKey",
        label: "API key of Datadog",
        type: "password",
        description: "It goes into a vault, and nobody can read it here again.",
      },
    ]}
    initial={{ site: site ?? sites[0].value }}
    toInput={({ site: chosen = "", apiKey = "" }) => ({ accountId, site: chosen, apiKey })}
    submitLabel="Apply"
    doing="Enabling Datadog"
    done="Metrics go to Datadog"
  />
)

export const DisableDatadogForm = ({ accountId, ...props }: FormProps) => (
  <CommandForm
    {...props}
    title="Disable Datadog?"
    mutation="disableDatadog"
    toInput={() => ({ accountId })}
    submitLabel="Disable"
    doing="Disabling Datadog"
    done="Metrics go to Datadog no more"
  >
    <Box>Metrics go nowhere any more. To enable it again takes the key again.</Box>
  </CommandForm>
)
