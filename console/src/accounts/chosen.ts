import { useLocation } from "wouter"

/** The parts of an account that have a page of their own. */
export const parts = ["indexes", "api-keys", "billing", "integrations"] as const
type Part = (typeof parts)[number]

/** Where a part of an account is; without one, the account itself. */
export const pathIn = (accountId: string, part?: Part): string =>
  `/accounts/${accountId}${part === undefined ? "" : `/${part}`}`

/** The account that the page stands under and the part of it, as the address says. */
export function useChosen(): { readonly accountId?: string; readonly part?: Part } {
  const [location] = useLocation()
  const [, accountId, section] = /^\/accounts\/([^/]+)(?:\/([^/]+))?/.exec(location) ?? []
  const part = parts.find(one => one === section)
  return { ...(accountId === undefined ? {} : { accountId }), ...(part === undefined ? {} : { part }) }
}
