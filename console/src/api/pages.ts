import { useInfiniteQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useForeseen } from "../commands/foreseen.ts"
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
  const rows = useForeseen(key, pages[shown]?.items)
  return {
    items: rows ?? [],
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
