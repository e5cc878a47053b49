import Alert from "@cloudscape-design/components/alert"
import Header from "@cloudscape-design/components/header"
import SpaceBetween from "@cloudscape-design/components/space-between"
import { mayWork } from "../accounts/roles.ts"
import { trailIn, UnderAccount } from "../accounts/underAccount.tsx"
import { Page } from "../shell/page.tsx"
import { Invoices } from "./invoices.tsx"
import { Portal } from "./portal.tsx"
import { Usage } from "./usage.tsx"

/** What an account uses, what it costs, and how it pays; each part stands when another cannot be read. */
export default function BillingPage({ accountId }: { readonly accountId: string }) {
  return (
    <UnderAccount accountId={accountId} title="Billing">
      {(account, myRole) => (
        <Page
          title="Billing"
          trail={trailIn(account)}
          header={
            <Header variant="h1" description="What the indexes use, what it costs, and how the account pays.">
              Billing
            </Header>
          }
        >
          <SpaceBetween size="l">
            <Usage accountId={accountId} />
            {mayWork(myRole) && <Portal accountId={accountId} />}
            {mayWork(myRole) && <Invoices accountId={accountId} />}
            {myRole === "viewer" && <Alert type="info">Members of the account also see invoices and payment.</Alert>}
          </SpaceBetween>
        </Page>
      )}
    </UnderAccount>
  )
}
