import Button from "@cloudscape-design/components/button"
import Header from "@cloudscape-design/components/header"
import Link from "@cloudscape-design/components/link"
import Table, { type TableProps } from "@cloudscape-design/components/table"
import { mayWork } from "../accounts/roles.ts"
import { trailIn, UnderAccount } from "../accounts/underAccount.tsx"
import type { Account, Role, SearchIndex } from "../model.generated.ts"
import { Page } from "../shell/page.tsx"
import { Pager } from "../shell/pager.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { Endpoint } from "./endpoint.tsx"
import { IndexIndicator } from "./indicators.tsx"
import { createIndexPath, indexPath } from "./paths.ts"
import { useIndexes } from "./queries.ts"
import { inferenceText, settingsOf, storageText } from "./settings.ts"

const columns: TableProps.ColumnDefinition<SearchIndex>[] = [
  {
    id: "name",
    header: "Name",
    isRowHeader: true,
    cell: ({ accountId, indexName }) => <Link href={`#${indexPath(accountId, indexName)}`}>{indexName}</Link>,
  },
  { id: "status", header: "Status", minWidth: 170, cell: index => <IndexIndicator index={index} /> },
  { id: "model", header: "Model", cell: index => settingsOf(index).model },
  { id: "storage", header: "Storage", cell: index => storageText(settingsOf(index)) },
  { id: "inference", header: "Inference", cell: index => inferenceText(settingsOf(index)) },
  { id: "endpoint", header: "Endpoint", cell: index => <Endpoint index={index} isShort /> },
]

/** The indexes of an account and how they are. */
export default function IndexesPage({ accountId }: { readonly accountId: string }) {
  return (
    <UnderAccount accountId={accountId} title="Indexes">
      {(account, myRole) => <Indexes account={account} myRole={myRole} />}
    </UnderAccount>
  )
}

function Indexes({ account, myRole }: { readonly account: Account; readonly myRole: Role | undefined }) {
  const indexes = useIndexes(account.accountId)
  const isOpen = account.status === "open"
  const create = (variant: "primary" | "normal") => (
    <Button
      variant={variant}
      href={`#${createIndexPath(account.accountId)}`}
      disabled={!isOpen || !mayWork(myRole)}
      disabledReason={isOpen ? "A viewer may not create indexes." : "The account is closed."}
    >
      Create index
    </Button>
  )
  return (
    <Page
      title="Indexes"
      trail={trailIn(account)}
      header={
        <Header
          variant="h1"
          description="What you search in, each with machines of its own."
          actions={create("primary")}
        >
          Indexes
        </Header>
      }
    >
      {indexes.error !== null ? (
        <ReadError error={indexes.error} what="the indexes" />
      ) : (
        <Table
          items={[...indexes.items]}
          columnDefinitions={columns}
          trackBy="indexName"
          wrapLines
          loading={indexes.isLoading}
          loadingText="Loading the indexes"
          header={<Header>Indexes of {account.name}</Header>}
          empty={
            <Empty title="No indexes yet" action={create("normal")}>
              Create one; it is ready within minutes.
            </Empty>
          }
          pagination={<Pager of={indexes} />}
        />
      )}
    </Page>
  )
}
