import Button from "@cloudscape-design/components/button"
import Header from "@cloudscape-design/components/header"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import type { Invitation } from "../model.generated.ts"
import { Pager } from "../shell/pager.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { dateTimeText } from "../time.ts"
import { InviteForm, RevokeInvitationForm } from "./forms.tsx"
import type { OfAccountProps } from "./members.tsx"
import { useInvitations } from "./queries.ts"
import { mayManage, roleLabel } from "./roles.ts"

/** Open invitations of the account. */
export function Invitations({ accountId, myRole, isOpen }: OfAccountProps) {
  const invitations = useInvitations(accountId)
  const [isInviting, setInviting] = useState(false)
  const [revoking, setRevoking] = useState<Invitation>()
  const mayInvite = isOpen && mayManage(myRole)
  if (invitations.error !== null) return <ReadError error={invitations.error} what="the invitations" />
  return (
    <>
      <Table
        items={[...invitations.items]}
        trackBy="invitationId"
        loading={invitations.isLoading}
        loadingText="Loading the invitations"
        header={
          <Header
            actions={
              <Button
                onClick={() => setInviting(true)}
                disabled={!mayInvite}
                disabledReason={isOpen ? "Only an owner or admin may invite." : "The account is closed."}
              >
                Invite a person
              </Button>
            }
          >
            Open invitations
          </Header>
        }
        empty={
          <Empty title="No open invitations">Whoever is invited gets a mail and stands here until they answer.</Empty>
        }
        pagination={<Pager of={invitations} />}
        columnDefinitions={[
          { id: "email", header: "E-mail address", isRowHeader: true, cell: ({ email }) => email },
          { id: "role", header: "Role", cell: ({ role }) => roleLabel(role) },
          { id: "invitedAt", header: "Invited", cell: ({ invitedAt }) => dateTimeText(invitedAt) },
          { id: "expiresAt", header: "Open until", cell: ({ expiresAt }) => dateTimeText(expiresAt) },
          {
            id: "actions",
            header: "Actions",
            cell: invitation =>
              mayInvite ? (
                <Button
                  variant="inline-link"
                  wrapText={false}
                  ariaLabel={`Take back the invitation of ${invitation.email}`}
                  onClick={() => setRevoking(invitation)}
                >
                  Take back
                </Button>
              ) : (
                "–"
              ),
          },
        ]}
      />
      {isInviting && <InviteForm accountId={accountId} myRole={myRole} onClose={() => setInviting(false)} />}
      {revoking !== undefined && <RevokeInvitationForm invitation={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  )
}
