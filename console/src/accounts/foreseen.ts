import { type Foreseen, foreseen } from "../commands/foreseen.ts"
import type { Account, Commands, Invitation, Member, MyInvitation } from "../model.generated.ts"
import { accountKey, invitationsKey, membersKey, myInvitationsKey } from "./queries.ts"

type Foresee<Name extends keyof Commands> = (input: Commands[Name]) => Foreseen

const sevenDaysMs = 7 * 86_400_000

export const renamed: Foresee<"renameAccount"> = ({ accountId, name, slug }) =>
  foreseen<Account>(accountKey(accountId), account => ({ ...account, name, slug: slug ?? account.slug }))

export const invited: Foresee<"inviteMember"> = ({ accountId, invitationId, email, role, expiresAt }) => {
  const row: Invitation = {
    accountId,
    invitationId: invitationId ?? "",
    email,
    role,
    invitedAt: new Date().toISOString(),
    expiresAt: expiresAt ?? new Date(Date.now() + sevenDaysMs).toISOString(),
    version: 0,
  }
  return foreseen<readonly Invitation[]>(invitationsKey(accountId), rows =>
    rows.some(({ invitationId }) => invitationId === row.invitationId) ? rows : [...rows, row],
  )
}

export const revoked: Foresee<"revokeInvitation"> = ({ accountId, invitationId }) =>
  foreseen<readonly Invitation[]>(invitationsKey(accountId), rows =>
    rows.filter(row => row.invitationId !== invitationId),
  )

export const answered: Foresee<"declineInvitation"> = ({ invitationId }) =>
  foreseen<readonly MyInvitation[]>(myInvitationsKey, rows => rows.filter(row => row.invitationId !== invitationId))

export const removed: Foresee<"removeMember" | "removeOwner"> = ({ accountId, personId }) =>
  foreseen<readonly Member[]>(membersKey(accountId), rows => rows.filter(row => row.personId !== personId))
