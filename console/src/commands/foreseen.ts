import { useMemo, useSyncExternalStore } from "react"

/** What the page shows of a command before it is decided; safe, because nothing else builds on it. */
export interface Foreseen {
  /** The read that shows it, by its query key; of a list, its rows. */
  readonly key: readonly unknown[]
  readonly change: (read: unknown) => unknown
}

/** Laid over a read rather than put into it: what is read again meanwhile does not take it away. */
export const foreseen = <Read>(key: readonly unknown[], change: (read: Read) => Read): Foreseen => ({
  key,
  change: read => change(read as Read),
})

let laid: readonly Foreseen[] = []
const watchers = new Set<() => void>()

function lay(next: readonly Foreseen[]): void {
  laid = next
  for (const watch of watchers) watch()
}

/** Shows it from now on; gives the way back. */
export function show(one: Foreseen): () => void {
  lay([...laid, one])
  return () => lay(laid.filter(other => other !== one))
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** What was read, as it will be once the commands on their way are decided. */
export function useForeseen<Read>(key: readonly unknown[], read: Read): Read {
  const all = useSyncExternalStore(watch, () => laid)
  const text = JSON.stringify(key)
  return useMemo(() => {
    if (read === undefined || read === null) return read
    const own = all.filter(one => JSON.stringify(one.key) === text)
    return own.reduce<unknown>((seen, { change }) => change(seen), read) as Read
  }, [all, text, read])
}
