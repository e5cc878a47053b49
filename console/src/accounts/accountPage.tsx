import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard"
import Header from "@cloudscape-design/components/header"
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import { useState } from "react"
import type { Account, Role } from "../model.generated.ts"
import { Page } from "../shell/page.tsx"
import { dateTimeText } from "../time.ts"
import { CloseAccountForm, RenameAccountForm } from "./forms.tsx"
import { Invitations } from "./invitations.tsx"
import { Members } from "./members.tsx"
import { mayManage, roleLabel } from "./roles.ts"
import { accountsCrumb, UnderAccount } from "./underAccount.tsx"

/** One account: what it is, who belongs to it, who is invited. */
export const AccountPage = ({ accountId }: { readonly accountId: string }) => (
  <UnderAccount accountId={accountId} title="Account">
    {(account, myRole) => <FoundAccount account={account} myRole={myRole} />}
  </UnderAccount>
)

function FoundAccount({ account, myRole }: { readonly account: Account; readonly myRole: Role | undefined }) {
  const { accountId, name, slug, status, openedAt } = account
  const [form, setForm] = useState<"rename" | "close">()
  const close = () => setForm(undefined)
  const isOpen = status === "open"
  return (
    <Page
      title={name}
      trail={[accountsCrumb]}
      header={
        <Header
          variant="h1"
          description={
            <CopyToClipboard
              variant="inline"
              textToCopy={accountId}
              copyButtonAriaLabel="Copy the account id"
              copySuccessText="Account id copied"
              copyErrorText="Could not copy the account id"
            />
          }
          actions={
            isOpen && (
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  onClick={() => setForm("close")}
                  disabled={myRole !== "owner"}
                  disabledReason="Only an owner may close the account."
                >
                  Close account
                </Button>
                <Button
                  onClick={() => setForm("rename")}
                  disabled={!mayManage(myRole)}
                  disabledReason="Only an owner or admin may rename the account."
                >
                  Rename
                </Button>
              </SpaceBetween>
            )
          }
        >
          {name}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container header={<Header>Account details</Header>}>
          <KeyValuePairs
            columns={4}
            minColumnWidth={150}
            items={[
              {
                label: "Status",
                value: (
                  <StatusIndicator type={isOpen ? "success" : "stopped"}>{isOpen ? "Open" : "Closed"}</StatusIndicator>
                ),
              },
              { label: "Slug", value: slug },
              { label: "Your role", value: myRole === undefined ? "–" : roleLabel(myRole) },
              { label: "Opened", value: dateTimeText(openedAt) },
            ]}
          />
        </Container>
        <Members accountId={accountId} myRole={myRole} isOpen={isOpen} />
        <Invitations accountId={accountId} myRole={myRole} isOpen={isOpen} />
      </SpaceBetween>
      {form === "rename" && <RenameAccountForm account={account} onClose={close} />}
      {form === "close" && <CloseAccountForm account={account} onClose={close} />}
    </Page>
  )
}
