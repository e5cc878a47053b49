import Pagination from "@cloudscape-design/components/pagination"
import type { usePages } from "../api/pages.ts"

/** Leads through the pages of a list; nothing when it has one. */
export function Pager({
  of: { pagination, show },
}: {
  readonly of: Pick<ReturnType<typeof usePages>, "pagination" | "show">
}) {
  if (pagination.pagesCount === 1 && !pagination.openEnd) return null
  return <Pagination {...pagination} onChange={({ detail }) => void show(detail.currentPageIndex)} />
}
