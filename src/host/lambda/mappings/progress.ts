/** How far a stream is done, while several batches of it are in work. */
export interface Progress {
  begin(sequenceNumber: string): void
  /** Marks records as done; saves the checkpoint when all before it are done too. */
  finish(sequenceNumbers: readonly string[]): void
  /** Records begun and not done. */
  readonly open: number
}

/** The checkpoint is the last record before which nothing is open. Records begin in stream order. */
export function createProgress(save: (checkpoint: string) => void): Progress {
  const begun: string[] = []
  const finished = new Set<string>()
  return {
    begin: sequenceNumber => {
      begun.push(sequenceNumber)
    },
    finish: sequenceNumbers => {
      for (const sequenceNumber of sequenceNumbers) finished.add(sequenceNumber)
      let done = 0
      while (finished.delete(begun[done] ?? "")) done++
      const checkpoint = begun[done - 1]
      begun.splice(0, done)
      if (checkpoint !== undefined) save(checkpoint)
    },
    get open() {
      return begun.length
    },
  }
}
