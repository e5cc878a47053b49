import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import Header from "@cloudscape-design/components/header"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import { useState } from "react"
import { mayWork } from "../accounts/roles.ts"
import { trailIn, UnderAccount } from "../accounts/underAccount.tsx"
import { Page } from "../shell/page.tsx"
import { ReadError } from "../shell/states.tsx"
import { dateTimeText } from "../time.ts"
import { DisableDatadogForm, EnableDatadogForm } from "./forms.tsx"
import { useDatadog } from "./queries.ts"

/** Where else an account wants to see what its indexes do. */
export default function IntegrationsPage({ accountId }: { readonly accountId: string }) {
  return (
    <UnderAccount accountId={accountId} title="Integrations">
      {(account, myRole) => (
        <Page
          title="Integrations"
          trail={trailIn(account)}
          header={
            <Header variant="h1" description="Where else you see what your indexes do.">
              Integrations
            </Header>
          }
        >
          <Datadog
            accountId={accountId}
            mayChange={account.status === "open" && mayWork(myRole)}
            why={account.status === "open" ? "A viewer may not change integrations." : "The account is closed."}
          />
        </Page>
      )}
    </UnderAccount>
  )
}

interface DatadogProps {
  readonly accountId: string
  readonly mayChange: boolean
  /** Why one may not. */
  readonly why: string
}

function Datadog({ accountId, mayChange, why }: DatadogProps) {
  const { data: datadog, error, isLoading } = useDatadog(accountId)
  const [form, setForm] = useState<"enable" | "disable">()
  const close = () => setForm(undefined)
  if (error !== null) return <ReadError error={error} what="the integration with Datadog" />
  const isEnabled = datadog?.enabled === true
  return (
    <>
      <Container
        header={
          <Header
            description="Durations and errors of requests, every 30 seconds."
            actions={
              !isLoading && (
                <SpaceBetween direction="horizontal" size="xs">
                  {isEnabled && (
                    <Button onClick={() => setForm("disable")} disabled={!mayChange} disabledReason={why}>
                      Disable
                    </Button>
                  )}
                  <Button onClick={() => setForm("enable")} disabled={!mayChange} disabledReason={why}>
                    {isEnabled ? "Change site or key" : "Enable"}
                  </Button>
                </SpaceBetween>
              )
            }
          >
            Datadog
          </Header>
        }
      >
        {isLoading ? (
          <StatusIndicator type="loading">Loading the integration</StatusIndicator>
        ) : (
          <KeyValuePairs
            columns={4}
            minColumnWidth={150}
            items={[
              {
                label: "State",
                value: (
                  <StatusIndicator type={isEnabled ? "success" : "stopped"}>
                    {isEnabled ? "Enabled" : "Not enabled"}
                  </StatusIndicator>
                ),
              },
              { label: "Site", value: datadog?.site ?? "–" },
              { label: "API key", value: isEnabled ? "In the vault, not readable" : "–" },
              { label: "Since", value: datadog ? dateTimeText(datadog.since) : "–" },
            ]}
          />
        )}
      </Container>
      {form === "enable" && <EnableDatadogForm accountId={accountId} site={datadog?.site ?? null} onClose={close} />}
      {form === "disable" && <DisableDatadogForm accountId={accountId} onClose={close} />}
    </>
  )
}
