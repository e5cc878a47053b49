import Button from "@cloudscape-design/components/button"
import Header from "@cloudscape-design/components/header"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import { mayWork } from "../accounts/roles.ts"
import { trailIn, UnderAccount } from "../accounts/underAccount.tsx"
import type { Account, AccountApiKey, Role } from "../model.generated.ts"
import { Page } from "../shell/page.tsx"
import { Pager } from "../shell/pager.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { dateTimeText } from "../time.ts"
import { CreateKeyForm, IssueSecretForm, KeyShown, RevokeKeyForm } from "./forms.tsx"
import { useApiKeys } from "./queries.ts"
import { scopeLabel } from "./scopes.ts"
import { shownPart } from "./secret.ts"

/** The keys by which programs act for an account. */
export default function ApiKeysPage({ accountId }: { readonly accountId: string }) {
  return (
    <UnderAccount accountId={accountId} title="API keys">
      {(account, myRole) => <ApiKeys account={account} myRole={myRole} />}
    </UnderAccount>
  )
}

type Open = "create" | { readonly issue: AccountApiKey } | { readonly revoke: AccountApiKey } | { readonly key: string }

function ApiKeys({ account, myRole }: { readonly account: Account; readonly myRole: Role | undefined }) {
  const { accountId, status } = account
  const keys = useApiKeys(accountId)
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  // The form closes itself first, then gives the key.
  const show = (key: string) => setOpen({ key })
  const mayChange = status === "open" && mayWork(myRole)
  return (
    <Page
      title="API keys"
      trail={trailIn(account)}
      header={
        <Header
          variant="h1"
          description="By a key, a program acts for the account."
          actions={
            <Button
              variant="primary"
              onClick={() => setOpen("create")}
              disabled={!mayChange}
              disabledReason={status === "open" ? "A viewer may not create API keys." : "The account is closed."}
            >
              Create API key
            </Button>
          }
        >
          API keys
        </Header>
      }
    >
      {keys.error !== null ? (
        <ReadError error={keys.error} what="the API keys" />
      ) : (
        <Table
          items={[...keys.items]}
          trackBy="apiKeyId"
          loading={keys.isLoading}
          loadingText="Loading the API keys"
          header={<Header>API keys of {account.name}</Header>}
          empty={<Empty title="No API keys">Programs need one to use the indexes.</Empty>}
          pagination={<Pager of={keys} />}
          columnDefinitions={[
            { id: "name", header: "Name", isRowHeader: true, cell: ({ name }) => name },
            { id: "key", header: "Key", cell: ({ apiKeyId }) => <code>{shownPart(apiKeyId)}…</code> },
            { id: "scope", header: "Scope", cell: ({ scope }) => scopeLabel(scope) },
            { id: "createdAt", header: "Created", cell: ({ createdAt }) => dateTimeText(createdAt) },
            {
              id: "lastUsedAt",
              header: "Last used",
              cell: ({ issued, lastUsedAt }) =>
                issued ? (
                  (lastUsedAt && dateTimeText(lastUsedAt)) || "Never"
                ) : (
                  <StatusIndicator type="pending">Waits for its secret</StatusIndicator>
                ),
            },
            {
              id: "actions",
              header: "Actions",
              cell: apiKey =>
                mayChange ? (
                  <SpaceBetween direction="horizontal" size="s">
                    {!apiKey.issued && (
                      <Button
                        variant="inline-link"
                        wrapText={false}
                        ariaLabel={`Issue secret of ${apiKey.name}`}
                        onClick={() => setOpen({ issue: apiKey })}
                      >
                        Issue secret
                      </Button>
                    )}
                    <Button
                      variant="inline-link"
                      wrapText={false}
                      ariaLabel={`Revoke ${apiKey.name}`}
                      onClick={() => setOpen({ revoke: apiKey })}
                    >
                      Revoke
                    </Button>
                  </SpaceBetween>
                ) : (
                  "–"
                ),
            },
          ]}
        />
      )}
      {open === "create" && <CreateKeyForm accountId={accountId} onClose={close} onKey={show} />}
      {typeof open === "object" && "issue" in open && (
        <IssueSecretForm apiKey={open.issue} onClose={close} onKey={show} />
      )}
      {typeof open === "object" && "revoke" in open && <RevokeKeyForm apiKey={open.revoke} onClose={close} />}
      {typeof open === "object" && "key" in open && <KeyShown text={open.key} onClose={close} />}
    </Page>
  )
}
