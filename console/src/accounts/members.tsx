import Button from "@cloudscape-design/components/button"
import Header from "@cloudscape-design/components/header"
import Select from "@cloudscape-design/components/select"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import Table from "@cloudscape-design/components/table"
import { useState } from "react"
import { useLocation } from "wouter"
import { useSend } from "../commands/commands.tsx"
import type { Member, Role } from "../model.generated.ts"
import { usePerson } from "../session.ts"
import { Pager } from "../shell/pager.tsx"
import { Empty, ReadError } from "../shell/states.tsx"
import { dateTimeText } from "../time.ts"
import { RemoveMemberForm } from "./forms.tsx"
import { useMembers } from "./queries.ts"
import { grantable, mayManage, roleLabel } from "./roles.ts"

export interface OfAccountProps {
  readonly accountId: string
  readonly myRole: Role | undefined
  readonly isOpen: boolean
}

/** Who belongs to the account; roles are changed in place. */
export function Members({ accountId, myRole, isOpen }: OfAccountProps) {
  const members = useMembers(accountId)
  const { id: me } = usePerson()
  const [leaving, setLeaving] = useState<Member>()
  const [, navigate] = useLocation()
  if (members.error !== null) return <ReadError error={members.error} what="the members" />
  return (
    <>
      <Table
        items={[...members.items]}
        trackBy="personId"
        loading={members.isLoading}
        loadingText="Loading the members"
        header={<Header>Members</Header>}
        empty={<Empty title="No members" />}
        pagination={<Pager of={members} />}
        columnDefinitions={[
          {
            id: "name",
            header: "Person",
            isRowHeader: true,
            cell: ({ name, personId }) => `${name ?? personId}${personId === me ? " (you)" : ""}`,
          },
          {
            id: "role",
            header: "Role",
            minWidth: 170,
            cell: member =>
              isOpen && mayChangeRole(member, myRole) ? (
                <RoleChoice member={member} myRole={myRole} />
              ) : (
                roleLabel(member.role)
              ),
          },
          { id: "since", header: "Member since", cell: ({ since }) => dateTimeText(since) },
          {
            id: "actions",
            header: "Actions",
            cell: member => {
              const isMe = member.personId === me
              if (!isOpen || !(isMe || mayChangeRole(member, myRole))) return "–"
              return (
                <Button
                  variant="inline-link"
                  wrapText={false}
                  ariaLabel={isMe ? "Leave the account" : `Remove ${member.name ?? member.personId}`}
                  onClick={() => setLeaving(member)}
                >
                  {isMe ? "Leave" : "Remove"}
                </Button>
              )
            },
          },
        ]}
      />
      {leaving !== undefined && (
        <RemoveMemberForm
          member={leaving}
          isMe={leaving.personId === me}
          onClose={() => setLeaving(undefined)}
          onDone={() => leaving.personId === me && navigate("/")}
        />
      )}
    </>
  )
}

const mayChangeRole = (member: Member, myRole: Role | undefined) =>
  myRole === "owner" || (mayManage(myRole) && member.role !== "owner")

/** Shows the new role at once, and the old one again when it was refused. */
function RoleChoice({ member, myRole }: { readonly member: Member; readonly myRole: Role | undefined }) {
  const send = useSend()
  const [wanted, setWanted] = useState<{ from: Role; to: Role }>()
  const options = grantable(myRole).map(option => ({ ...option }))
  const { accountId, personId, role, name } = member
  const pending = wanted?.from === role ? wanted.to : undefined

  const change = async (to: Role) => {
    setWanted({ from: role, to })
    const doing = `Making ${name ?? "the person"} ${roleLabel(to).toLowerCase()}`
    const words = { doing, done: "The role is changed" }
    const outcome =
      role === "owner" && to !== "owner"
        ? await send({ mutation: "demoteOwner", input: { accountId, personId, role: to }, ...words })
        : await send({ mutation: "changeMemberRole", input: { accountId, personId, role: to }, ...words })
    if (outcome.status === "refused") setWanted(undefined)
  }
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <Select
        ariaLabel={`Role of ${name ?? personId}`}
        options={options}
        selectedOption={options.find(({ value }) => value === (pending ?? role)) ?? null}
        expandToViewport
        onChange={({ detail }) => void change(detail.selectedOption.value as Role)}
      />
      {pending !== undefined && <StatusIndicator type="in-progress">Changing</StatusIndicator>}
    </SpaceBetween>
  )
}
