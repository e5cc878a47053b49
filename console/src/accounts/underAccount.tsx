import Button from "@cloudscape-design/components/button"
import Header from "@cloudscape-design/components/header"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import type { ReactNode } from "react"
import type { Account, Role } from "../model.generated.ts"
import { Page } from "../shell/page.tsx"
import { Empty, isRefusal, ReadError } from "../shell/states.tsx"
import { pathIn } from "./chosen.ts"
import { useAccount, useMyRole } from "./queries.ts"

export const accountsCrumb = { text: "Accounts", href: "#/" }

/** The way to a page of an account. */
export const trailIn = ({ accountId, name }: Account) => [accountsCrumb, { text: name, href: `#${pathIn(accountId)}` }]

interface UnderAccountProps {
  readonly accountId: string
  /** What the page is called while the account is not known. */
  readonly title: string
  readonly children: (account: Account, myRole: Role | undefined) => ReactNode
}

/** A page under an account, for whoever has access to it, as long as that lasts. */
export function UnderAccount({ accountId, title, children }: UnderAccountProps) {
  const { data: account, error, isLoading } = useAccount(accountId)
  const myRole = useMyRole(accountId)
  if (account && !isRefusal(error)) return children(account, myRole)
  return (
    <Page title={title} trail={[accountsCrumb]} header={<Header variant="h1">{title}</Header>}>
      {error !== null ? (
        <ReadError error={error} what="this account" />
      ) : isLoading ? (
        <StatusIndicator type="loading">Loading the account</StatusIndicator>
      ) : (
        <Empty title="There is no such account" action={<Button href="#/">Go to your accounts</Button>} />
      )}
    </Page>
  )
}
