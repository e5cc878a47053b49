import { pathIn } from "../accounts/chosen.ts"

export const indexPath = (accountId: string, indexName: string) => `${pathIn(accountId, "indexes")}/${indexName}`

/** No index can have this name. */
export const createIndexPath = (accountId: string) => indexPath(accountId, "~create")
