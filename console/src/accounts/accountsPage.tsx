import Button from "@cloudscape-design/components/button"
import Header from "@cloudscape-design/components/header"
import Link from "@cloudscape-design/components/link"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import Table, { type TableProps } from "@cloudscape-design/components/table"
import { useState } from "react"
import { useLocation } from "wouter"
import type { MyAccount } from "../model.generated.ts"
import { Page } from "../shell/page.tsx"
import { Pager } from "../shell/pager.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { dateTimeText } from "../time.ts"
import { MailedInvitationForm, OpenAccountForm } from "./forms.tsx"
import { MyInvitations } from "./myInvitations.tsx"
import { useMyAccounts } from "./queries.ts"
import { roleLabel } from "./roles.ts"

const columns: TableProps.ColumnDefinition<MyAccount>[] = [
  {
    id: "name",
    header: "Name",
    isRowHeader: true,
    cell: ({ accountId, account }) => <Link href={`#/accounts/${accountId}`}>{account?.name ?? accountId}</Link>,
  },
  { id: "slug", header: "Slug", cell: ({ account }) => account?.slug ?? "–" },
  {
    id: "status",
    header: "Status",
    cell: ({ account }) =>
      account?.status === "closed" ? (
        <StatusIndicator type="stopped">Closed</StatusIndicator>
      ) : (
        <StatusIndicator type="success">Open</StatusIndicator>
      ),
  },
  { id: "role", header: "Your role", cell: ({ role }) => roleLabel(role) },
  { id: "members", header: "Members", cell: ({ account }) => account?.counts?.members ?? "–" },
  { id: "since", header: "Member since", cell: ({ since }) => dateTimeText(since) },
]

/** The accounts of the person who is signed in, and what they are invited to. */
export function AccountsPage() {
  const accounts = useMyAccounts()
  const [form, setForm] = useState<"open" | "mailed">()
  const [, navigate] = useLocation()
  const openButton = (
    <Button variant="primary" onClick={() => setForm("open")}>
      Open account
    </Button>
  )
  return (
    <Page
      title="Accounts"
      header={
        <Header
          variant="h1"
          description="What you own or belong to."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => setForm("mailed")}>Use a mailed invitation</Button>
              {openButton}
            </SpaceBetween>
          }
        >
          Accounts
        </Header>
      }
    >
      <SpaceBetween size="l">
        <MyInvitations />
        {accounts.error !== null ? (
          <ReadError error={accounts.error} what="your accounts" />
        ) : (
          <Table
            items={[...accounts.items]}
            columnDefinitions={columns}
            trackBy="accountId"
            loading={accounts.isLoading}
            loadingText="Loading your accounts"
            header={<Header>Your accounts</Header>}
            empty={
              <Empty
                title="No accounts yet"
                action={<Button onClick={() => setForm("open")}>Open your first account</Button>}
              >
                Open one, or accept an invitation.
              </Empty>
            }
            pagination={<Pager of={accounts} />}
          />
        )}
      </SpaceBetween>
      {form === "open" && (
        <OpenAccountForm
          onClose={() => setForm(undefined)}
          onDone={({ aggregateId }) => aggregateId && navigate(`/accounts/${aggregateId}`)}
        />
      )}
      {form === "mailed" && <MailedInvitationForm onClose={() => setForm(undefined)} />}
    </Page>
  )
}
