import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query"
import { ask } from "../api/client.ts"
import { useLive, type ViewChange } from "../api/live.ts"
import { usePages } from "../api/pages.ts"
import { useForeseen } from "../commands/foreseen.ts"
import type { Account, Invitation, Member, MyAccount, MyInvitation, Page, Role } from "../model.generated.ts"
import { usePerson } from "../session.ts"

const rowsPerPage = 20

export const myInvitationsKey = ["myInvitations"]
export const accountKey = (accountId: string) => ["account", accountId]
export const membersKey = (accountId: string) => ["members", accountId]
export const invitationsKey = (accountId: string) => ["invitations", accountId]

/** Mine, each with the account itself; live. */
export function useMyAccounts() {
  const queries = useQueryClient()
  useLive("onMyAccountsChanged", {}, () => void queries.invalidateQueries({ queryKey: ["myAccounts"] }))
  return usePages<MyAccount>(["myAccounts"], async nextToken => {
    const query = `query ($limit: Int, $nextToken: String) { myAccounts(limit: $limit, nextToken: $nextToken) {
      items { personId accountId role since version account { accountId name slug status openedAt version counts { accountId members openInvitations } } }
      nextToken
    } }`
    return (await ask<{ myAccounts: Page<MyAccount> }>(query, { limit: rowsPerPage, nextToken })).myAccounts
  })
}

/** Open invitations to my address, with what each account is called; live. */
export function useMyInvitations() {
  const queries = useQueryClient()
  useLive("onMyInvitationsChanged", {}, () => void queries.invalidateQueries({ queryKey: myInvitationsKey }))
  return usePages<MyInvitation>(myInvitationsKey, async nextToken => {
    const query = `query ($limit: Int, $nextToken: String) { myInvitations(limit: $limit, nextToken: $nextToken) {
      items { email invitationId accountId role invitedAt expiresAt version account { accountId name version } } nextToken
    } }`
    return (await ask<{ myInvitations: Page<MyInvitation> }>(query, { limit: rowsPerPage, nextToken })).myInvitations
  })
}

const wantedKey = (accountId: string) => ["wantedVersion", accountId]

/** One account; live, and never older than the newest change that was pushed. */
export function useAccount(accountId: string) {
  const queries = useQueryClient()
  useLive("onAccountChanged", { accountId }, change => {
    wantVersion(queries, accountId, change)
    void queries.invalidateQueries({ queryKey: accountKey(accountId) })
  })
  useLive("onMyAccountsChanged", {}, () => void queries.invalidateQueries())
  const { data, error, isLoading } = useQuery(accountQuery(queries, accountId))
  return { data: useForeseen(accountKey(accountId), data), error, isLoading }
}

/** What an account is called; undefined while it is not known, or without an account. */
export function useAccountName(accountId: string | undefined): string | undefined {
  const queries = useQueryClient()
  const { data, error } = useQuery({ ...accountQuery(queries, accountId ?? ""), enabled: accountId !== undefined })
  return error === null ? data?.name : undefined
}

const accountQuery = (queries: QueryClient, accountId: string) => ({
  queryKey: accountKey(accountId),
  queryFn: async () => {
    const query = `query ($accountId: ID!, $atLeastVersion: Int) { account(accountId: $accountId, atLeastVersion: $atLeastVersion) {
      accountId name slug status openedAt version
    } }`
    const atLeastVersion = queries.getQueryData<number>(wantedKey(accountId)) ?? null
    return (await ask<{ account: Account | null }>(query, { accountId, atLeastVersion })).account
  },
})

function wantVersion(queries: QueryClient, accountId: string, { version, gone }: ViewChange): void {
  if (!gone) queries.setQueryData<number>(wantedKey(accountId), seen => Math.max(seen ?? 0, version))
}

/** Who belongs to it; live. */
export function useMembers(accountId: string) {
  const queries = useQueryClient()
  useLive("onMembersChanged", { accountId }, () => {
    void queries.invalidateQueries({ queryKey: membersKey(accountId) })
    void queries.invalidateQueries({ queryKey: ["myRole", accountId] })
  })
  return usePages<Member>(membersKey(accountId), async nextToken => {
    const query = `query ($accountId: ID!, $limit: Int, $nextToken: String) { members(accountId: $accountId, limit: $limit, nextToken: $nextToken) {
      items { accountId personId role name since version } nextToken
    } }`
    return (await ask<{ members: Page<Member> }>(query, { accountId, limit: rowsPerPage, nextToken })).members
  })
}

/** Its open invitations; live. */
export function useInvitations(accountId: string) {
  const queries = useQueryClient()
  useLive("onInvitationsChanged", { accountId }, () => {
    void queries.invalidateQueries({ queryKey: invitationsKey(accountId) })
  })
  return usePages<Invitation>(invitationsKey(accountId), async nextToken => {
    const query = `query ($accountId: ID!, $limit: Int, $nextToken: String) { invitations(accountId: $accountId, limit: $limit, nextToken: $nextToken) {
      items { accountId invitationId email role invitedAt expiresAt version } nextToken
    } }`
    return (await ask<{ invitations: Page<Invitation> }>(query, { accountId, limit: rowsPerPage, nextToken }))
      .invitations
  })
}

/** My role in an account; undefined while it is not known. */
export function useMyRole(accountId: string): Role | undefined {
  const { id } = usePerson()
  const { data } = useQuery({
    queryKey: ["myRole", accountId],
    queryFn: async () => {
      const query = `query ($accountId: ID!, $nextToken: String) { members(accountId: $accountId, limit: 100, nextToken: $nextToken) {
        items { personId role } nextToken
      } }`
      let nextToken: string | null | undefined
      do {
        const { members } = await ask<{ members: Page<Member> }>(query, { accountId, nextToken: nextToken ?? null })
        const mine = members.items.find(({ personId }) => personId === id)
        if (mine !== undefined) return mine.role
        nextToken = members.nextToken
      } while (nextToken)
      return null
    },
  })
  return data ?? undefined
}
