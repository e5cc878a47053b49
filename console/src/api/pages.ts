import { useInfiniteQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useForeseen } from "../commands/foreseen.ts"
import type { Page } from "../model.generated.ts"

/** For lists whose changes nobody pushes. */
export const againEveryMs = 5_000

/** A list of which one page is shown; pages are read when they are first looked at, and all of them again as often as `everyMs` says. */
export function usePages<Row>(
  key: readonly unknown[],
  read: (nextToken: string | null) => Promise<Page<Row>>,
  everyMs: number | false = false,
) {
  const [index, setIndex] = useState(0)
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: last => last.nextToken ?? null,
    refetchInterval: everyMs,
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
