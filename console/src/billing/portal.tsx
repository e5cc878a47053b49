import Alert from "@cloudscape-design/components/alert"
import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import Header from "@cloudscape-design/components/header"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import { useEffect, useState } from "react"
import { useSend } from "../commands/commands.tsx"
import { ReadError } from "../shell/states.tsx"
import { useBilling } from "./queries.ts"

/** Who the account is at Stripe, and the way to its portal, which is asked for each time: links to it do not last. */
export function Portal({ accountId }: { readonly accountId: string }) {
  const [asked, setAsked] = useState<{ readonly seenAt: string | null }>()
  const { data: billing, error, isLoading } = useBilling(accountId, asked !== undefined)
  const send = useSend()
  const portalAt = billing?.portalAt ?? null
  const portalUrl = billing?.portalUrl ?? null

  useEffect(() => {
    if (asked === undefined || portalAt === asked.seenAt) return
    setAsked(undefined)
    if (portalUrl !== null) location.assign(portalUrl)
  }, [asked, portalAt, portalUrl])

  const open = async () => {
    setAsked({ seenAt: portalAt })
    const outcome = await send({
      mutation: "openBillingPortal",
      input: { accountId, returnUrl: location.href },
      doing: "Asking Stripe for the billing portal",
      done: "Stripe was asked for the billing portal",
    })
    if (outcome.status === "refused") setAsked(undefined)
  }

  if (error !== null) return <ReadError error={error} what="who the account is at Stripe" />
  const customerId = billing?.customerId ?? null
  const isUnanswered = !isLoading && customerId === null
  return (
    <Container
      header={
        <Header
          description="Means of payment and invoices are kept by Stripe."
          actions={
            <Button
              onClick={() => void open()}
              disabled={customerId === null}
              disabledReason="Stripe does not know the account yet."
              loading={asked !== undefined}
              loadingText="Opening the billing portal"
            >
              Open billing portal
            </Button>
          }
        >
          Payment
        </Header>
      }
    >
      <SpaceBetween size="l">
        {billing?.portalRefused && asked === undefined && (
          <Alert type="warning" header="The billing portal could not be opened">
            {billing.portalRefused} Everything else works. Try again in a while.
          </Alert>
        )}
        {isUnanswered && (
          <Alert type="info" header="Stripe has not answered yet">
            The account has no customer at Stripe so far. It is asked for again; everything else works meanwhile.
          </Alert>
        )}
        <KeyValuePairs
          columns={2}
          minColumnWidth={150}
          items={[
            {
              label: "Customer at Stripe",
              value: isLoading ? <StatusIndicator type="loading">Loading</StatusIndicator> : (customerId ?? "–"),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  )
}
