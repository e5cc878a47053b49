import Header from "@cloudscape-design/components/header"
import Link from "@cloudscape-design/components/link"
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator"
import Table from "@cloudscape-design/components/table"
import { amountText } from "../money.ts"
import { Pager } from "../shell/pager.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { dateTimeText } from "../time.ts"
import { useInvoices } from "./queries.ts"

const looks: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  paid: "success",
  open: "pending",
  draft: "pending",
  uncollectible: "error",
  void: "stopped",
}

/** What Stripe has told of the account's invoices. */
export function Invoices({ accountId }: { readonly accountId: string }) {
  const invoices = useInvoices(accountId)
  if (invoices.error !== null) return <ReadError error={invoices.error} what="the invoices" />
  return (
    <Table
      items={[...invoices.items]}
      trackBy="invoiceId"
      loading={invoices.isLoading}
      loadingText="Loading the invoices"
      header={<Header>Invoices</Header>}
      empty={<Empty title="No invoices yet">Stripe makes one at the end of the month.</Empty>}
      pagination={<Pager of={invoices} list="Invoices" />}
      columnDefinitions={[
        {
          id: "invoice",
          header: "Invoice",
          isRowHeader: true,
          cell: ({ invoiceId, url }) =>
            url ? (
              <Link href={url} external externalIconAriaLabel="Opens in a new tab">
                {invoiceId}
              </Link>
            ) : (
              invoiceId
            ),
        },
        {
          id: "status",
          header: "Status",
          cell: ({ status }) => (
            <StatusIndicator type={looks[status] ?? "info"}>
              {status.charAt(0).toUpperCase()}
              {status.slice(1)}
            </StatusIndicator>
          ),
        },
        { id: "amount", header: "Amount", cell: ({ amountCents, currency }) => amountText(amountCents, currency) },
        { id: "at", header: "Last changed", cell: ({ at }) => dateTimeText(at) },
      ]}
    />
  )
}
