import { changeRows } from "../api/pages.ts"
import type { Foresee } from "../commands/commands.tsx"
import type { Account, Commands, Invitation, Member, MyInvitation } from "../model.generated.ts"
import { accountKey, invitationsKey, membersKey, myInvitationsKey } from "./queries.ts"

/** What the page shows of a command before it is decided; safe, because a refusal takes it back and nothing else builds on it. */
type Foreseen<Name extends keyof Commands> = (input: Commands[Name]) => Foresee

const sevenDaysMs = 7 * 86_400_000

export const renamed: Foreseen<"renameAccount"> =
  ({ accountId, name, slug }) =>
  queries => {
    const before = queries.getQueryData<Account>(accountKey(accountId))
    if (before === undefined) return () => {}
    queries.setQueryData<Account>(accountKey(accountId), { ...before, name, slug: slug ?? before.slug })
    return () => queries.setQueryData(accountKey(accountId), before)
  }

export const invited: Foreseen<"inviteMember"> =
  ({ accountId, invitationId, email, role, expiresAt }) =>
  queries => {
    const row: Invitation = {
      accountId,
      invitationId: invitationId ?? "",
      email,
      role,
      invitedAt: new Date().toISOString(),
      expiresAt: expiresAt ?? new Date(Date.now() + sevenDaysMs).toISOString(),
      version: 0,
    }
    return changeRows<Invitation>(queries, invitationsKey(accountId), rows => [...rows, row])
  }

export const revoked: Foreseen<"revokeInvitation"> =
  ({ accountId, invitationId }) =>
  queries =>
    changeRows<Invitation>(queries, invitationsKey(accountId), rows =>
      rows.filter(row => row.invitationId !== invitationId),
    )

export const answered: Foreseen<"declineInvitation"> =
  ({ invitationId }) =>
  queries =>
    changeRows<MyInvitation>(queries, myInvitationsKey, rows => rows.filter(row => row.invitationId !== invitationId))

export const removed: Foreseen<"removeMember" | "removeOwner"> =
  ({ accountId, personId }) =>
  queries =>
    changeRows<Member>(queries, membersKey(accountId), rows => rows.filter(row => row.personId !== personId))
