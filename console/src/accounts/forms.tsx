import Box from "@cloudscape-design/components/box"
import { useState } from "react"
import { type CommandField, CommandForm, type Values } from "../commands/commandForm.tsx"
import type { Account, CommandReceipt, Invitation, Member, MyInvitation, Role } from "../model.generated.ts"
import { answered, invited, removed, renamed, revoked } from "./foreseen.ts"
import { grantable, roleLabel } from "./roles.ts"

interface FormProps {
  readonly onClose: () => void
  readonly onDone?: (receipt: CommandReceipt) => void
}

const name: CommandField = { name: "name", label: "Name", constraint: "Up to 100 characters." }
const slug: CommandField = {
  name: "slug",
  label: "Slug",
  description: "A short name for addresses; no two open accounts share one.",
  constraint: "3 to 40 lower-case letters, digits or -.",
}
const displayName: CommandField = {
  name: "displayName",
  label: "Your name",
  description: "Other members see it.",
  isOptional: true,
}

/** What the account of an invitation is called. */
export const accountOf = ({ account, accountId }: MyInvitation) => account?.name ?? `account ${accountId}`

const slugOf = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)

/** The slug follows the name until somebody types another. */
function followName(values: Values, changed: string): Values {
  if (changed === "slug") return { ...values, isOwnSlug: "yes" }
  return changed === "name" && values.isOwnSlug === undefined ? { ...values, slug: slugOf(values.name ?? "") } : values
}

export const OpenAccountForm = (props: FormProps) => (
  <CommandForm
    {...props}
    title="Open account"
    mutation="openAccount"
    fields={[name, slug, displayName]}
    follow={followName}
    toInput={values => ({
      name: values.name ?? "",
      slug: values.slug ?? "",
      ...(values.displayName ? { displayName: values.displayName } : {}),
    })}
    submitLabel="Open account"
    doing="Opening the account"
    done="The account is open"
  />
)

export const RenameAccountForm = ({ account, ...props }: FormProps & { readonly account: Account }) => (
  <CommandForm
    {...props}
    title="Rename account"
    mutation="renameAccount"
    fields={[name, slug]}
    initial={{ name: account.name, slug: account.slug }}
    toInput={values => ({ accountId: account.accountId, name: values.name ?? "", slug: values.slug ?? "" })}
    foresee={renamed}
    submitLabel="Rename"
    doing="Renaming the account"
    done="The account has its new name"
  />
)

export const CloseAccountForm = ({ account, ...props }: FormProps & { readonly account: Account }) => (
  <CommandForm
    {...props}
    title={`Close ${account.name}?`}
    mutation="closeAccount"
    toInput={() => ({ accountId: account.accountId })}
    submitLabel="Close account"
    doing="Closing the account"
    done="The account is closed"
  >
    <Box>The account is closed for ever, and its slug {account.slug} is free for others.</Box>
  </CommandForm>
)

interface InviteProps extends FormProps {
  readonly accountId: string
  readonly myRole: Role | undefined
}
export function InviteForm({ accountId, myRole, ...props }: InviteProps) {
  const [invitationId] = useState(() => crypto.randomUUID())
  return (
    <CommandForm
      {...props}
      title="Invite a person"
      mutation="inviteMember"
      fields={[
        { name: "email", label: "E-mail address", type: "email", description: "The invitation is mailed there." },
        { name: "role", label: "Role", options: grantable(myRole) },
      ]}
      initial={{ role: "member" }}
      toInput={values => ({
        accountId,
        invitationId,
        email: values.email ?? "",
        role: (values.role ?? "member") as Role,
      })}
      foresee={invited}
      submitLabel="Invite"
      doing="Inviting"
      done="The invitation is on its way"
    />
  )
}

export const RevokeInvitationForm = ({ invitation, ...props }: FormProps & { readonly invitation: Invitation }) => (
  <CommandForm
    {...props}
    title="Take the invitation back?"
    mutation="revokeInvitation"
    toInput={() => ({ accountId: invitation.accountId, invitationId: invitation.invitationId })}
    foresee={revoked}
    submitLabel="Take back"
    doing="Taking the invitation back"
    done="The invitation was taken back"
  >
    <Box>{invitation.email} can no longer accept it.</Box>
  </CommandForm>
)

export const AcceptInvitationForm = ({ invitation, ...props }: FormProps & { readonly invitation: MyInvitation }) => (
  <CommandForm
    {...props}
    title={`Join ${accountOf(invitation)} as ${roleLabel(invitation.role).toLowerCase()}`}
    mutation="acceptInvitation"
    fields={[displayName]}
    toInput={values => ({
      accountId: invitation.accountId,
      invitationId: invitation.invitationId,
      ...(values.displayName ? { displayName: values.displayName } : {}),
    })}
    submitLabel="Accept"
    doing="Accepting the invitation"
    done="The invitation is accepted"
  />
)

export const DeclineInvitationForm = ({ invitation, ...props }: FormProps & { readonly invitation: MyInvitation }) => (
  <CommandForm
    {...props}
    title={`Decline the invitation to ${accountOf(invitation)}?`}
    mutation="declineInvitation"
    toInput={() => ({ accountId: invitation.accountId, invitationId: invitation.invitationId })}
    foresee={answered}
    submitLabel="Decline"
    doing="Declining the invitation"
    done="The invitation is declined"
  >
    <Box>To join later, you need another invitation.</Box>
  </CommandForm>
)

export const MailedInvitationForm = (props: FormProps) => (
  <CommandForm
    {...props}
    title="Use a mailed invitation"
    mutation="acceptInvitation"
    fields={[
      { name: "accountId", label: "Account", description: "These three stand in the mail." },
      { name: "invitationId", label: "Invitation" },
      { name: "secret", label: "Secret" },
      displayName,
    ]}
    toInput={values => ({
      accountId: values.accountId ?? "",
      invitationId: values.invitationId ?? "",
      secret: values.secret ?? "",
      ...(values.displayName ? { displayName: values.displayName } : {}),
    })}
    submitLabel="Accept"
    doing="Accepting the invitation"
    done="The invitation is accepted"
  />
)

interface RemoveProps extends FormProps {
  readonly member: Member
  readonly isMe: boolean
}
export function RemoveMemberForm({ member: { accountId, personId, role, name: called }, isMe, ...props }: RemoveProps) {
  const who = called ?? "this person"
  return (
    <CommandForm
      {...props}
      title={isMe ? "Leave the account?" : `Remove ${who}?`}
      mutation={role === "owner" ? "removeOwner" : "removeMember"}
      toInput={() => ({ accountId, personId })}
      foresee={removed}
      submitLabel={isMe ? "Leave" : "Remove"}
      doing={isMe ? "Leaving the account" : `Removing ${who}`}
      done={isMe ? "You have left the account" : `${called ?? "The person"} was removed`}
    >
      <Box>{isMe ? "You lose access at once." : "Access ends at once."} To come back takes an invitation.</Box>
    </CommandForm>
  )
}
