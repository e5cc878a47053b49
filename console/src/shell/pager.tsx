import Pagination from "@cloudscape-design/components/pagination"
import type { usePages } from "../api/pages.ts"

interface PagerProps {
  readonly of: Pick<ReturnType<typeof usePages>, "pagination" | "show">
  /** Which list, where a page has several. */
  readonly list?: string
}

/** Leads through the pages of a list; nothing when it has one. */
export function Pager({ of: { pagination, show }, list }: PagerProps) {
  if (pagination.pagesCount === 1 && !pagination.openEnd) return null
  const ariaLabels =
    list === undefined ? {} : { nextPageLabel: `Next page: ${list}`, paginationLabel: `Pages: ${list}` }
  return (
    <Pagination {...pagination} ariaLabels={ariaLabels} onChange={({ detail }) => void show(detail.currentPageIndex)} />
  )
}
