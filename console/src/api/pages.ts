import { type InfiniteData, type QueryClient, useInfiniteQuery } from "@tanstack/react-query"
import { useState } from "react"
import type { Page } from "../model.generated.ts"

/** A list of which one page is shown; pages are read when they are first looked at. */
export function usePages<Row>(key: readonly unknown[], read: (nextToken: string | null) => Promise<Page<Row>>) {
  const [index, setIndex] = useState(0)
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: last => last.nextToken ?? null,
  })
  const pages = query.data?.pages ?? []
  const shown = Math.min(index, Math.max(0, pages.length - 1))
  return {
    items: pages[shown]?.items ?? [],
    isLoading: query.isLoading || query.isFetchingNextPage,
    error: query.error,
    pagination: {
      currentPageIndex: shown + 1,
      pagesCount: Math.max(1, pages.length),
      openEnd: query.hasNextPage,
    },
    /** Shows a page, counted from 1. */
    show: async (page: number) => {
      if (page > pages.length && query.hasNextPage) await query.fetchNextPage()
      setIndex(page - 1)
    },
  }
}

/** Shows rows of a list as they will be; gives the way back. */
export function changeRows<Row>(
  queries: QueryClient,
  key: readonly unknown[],
  change: (rows: readonly Row[]) => readonly Row[],
): () => void {
  const before = queries.getQueryData<InfiniteData<Page<Row>>>(key)
  if (before === undefined) return () => {}
  const pages = before.pages.map(page => ({ ...page, items: change(page.items) }))
  queries.setQueryData(key, { ...before, pages })
  return () => queries.setQueryData(key, before)
}
