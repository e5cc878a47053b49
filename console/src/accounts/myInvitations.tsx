import Button from "@cloudscape-design/components/button"
import Header from "@cloudscape-design/components/header"
import SpaceBetween from "@cloudscape-design/components/space-between"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import type { MyInvitation } from "../model.generated.ts"
import { Pager } from "../shell/pager.tsx"
import { ReadError } from "../shell/states.tsx"
import { dateTimeText } from "../time.ts"
import { AcceptInvitationForm, accountOf, DeclineInvitationForm } from "./forms.tsx"
import { useMyInvitations } from "./queries.ts"
import { roleLabel } from "./roles.ts"

/** What the person is invited to; nothing when there is nothing. */
export function MyInvitations() {
  const invitations = useMyInvitations()
  const { items, error } = invitations
  const [answer, setAnswer] = useState<{ invitation: MyInvitation; isAccepted: boolean }>()
  const close = () => setAnswer(undefined)
  if (error !== null) return <ReadError error={error} what="your invitations" />
  return (
    <>
      {items.length > 0 && (
        <Table
          items={[...items]}
          trackBy="invitationId"
          header={<Header>Invitations for you</Header>}
          pagination={<Pager of={invitations} />}
          columnDefinitions={[
            { id: "account", header: "Account", isRowHeader: true, cell: accountOf },
            { id: "role", header: "Role", cell: ({ role }) => roleLabel(role) },
            { id: "invitedAt", header: "Invited", cell: ({ invitedAt }) => dateTimeText(invitedAt) },
            { id: "expiresAt", header: "Open until", cell: ({ expiresAt }) => dateTimeText(expiresAt) },
            {
              id: "actions",
              header: "Actions",
              cell: invitation => (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button onClick={() => setAnswer({ invitation, isAccepted: true })}>Accept</Button>
                  <Button variant="link" onClick={() => setAnswer({ invitation, isAccepted: false })}>
                    Decline
                  </Button>
                </SpaceBetween>
              ),
            },
          ]}
        />
      )}
      {answer?.isAccepted === true && <AcceptInvitationForm invitation={answer.invitation} onClose={close} />}
      {answer?.isAccepted === false && <DeclineInvitationForm invitation={answer.invitation} onClose={close} />}
    </>
  )
}
