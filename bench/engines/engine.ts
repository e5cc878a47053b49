/** One way to run the same workload: accounts that are opened and deposited into. */
export interface Engine {
  readonly name: string
  /** Concurrent commands that it can take. */
  readonly workersMax: number
  /** Accounts with a history that can be written in bearable time. */
  readonly accountsMax: number
  /** Longest history that is measured with it. */
  readonly historyMax: number
  /** Writes accounts with so many events each, past the command path. */
  seed(ids: readonly string[], events: number): Promise<void>
  /** One command: load, decide, append one event. */
  deposit(id: string): Promise<unknown>
  /** The first command of an account. */
  open(id: string): Promise<unknown>
  close(): Promise<void>
}

export interface Balance {
  readonly status: "unknown" | "open"
  readonly balance: number
}

export const owner = "3f1c9a52-7a0e-4d8f-9a57-0d6f2f1d3f10"
export const openedData = (id: string) => ({ accountId: id, ownerId: owner, currency: "EUR", branch: "main-street" })
export const depositedData = (id: string) => ({ accountId: id, amount: 100, reference: "a deposit at the counter" })
