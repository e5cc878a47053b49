import { join } from "node:path"
import { CommandHandler, type Event } from "@event-driven-io/emmett"
import { getSQLiteEventStore } from "@event-driven-io/emmett-sqlite"
import { type Balance, depositedData, type Engine, openedData } from "./engine.ts"

type Opened = Event<"Opened", ReturnType<typeof openedData>>
type Deposited = Event<"Deposited", ReturnType<typeof depositedData>>

const attemptsMax = 10
const appendMax = 100

const initialState = (): Balance => ({ status: "unknown", balance: 0 })
const evolve = (state: Balance, event: Opened | Deposited): Balance =>
  event.type === "Opened"
    ? { status: "open", balance: 0 }
    : { status: state.status, balance: state.balance + event.data.amount }

/** Now and then it meets its own SQLITE_BUSY, even alone; the same call then succeeds. */
async function patiently<Value>(run: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt++)
    try {
      return await run()
    } catch (error) {
      if (attempt === attemptsMax || !String(error).includes("SQLITE_BUSY")) throw error
    }
}

/** Emmett on SQLite in a file: it opens a connection for each command and cannot run two at once. */
export async function emmettEngine(folder: string): Promise<Engine> {
  const store = getSQLiteEventStore({
    schema: { autoMigration: "CreateOrUpdate" },
    fileName: join(folder, "emmett.db"),
  })
  const handle = CommandHandler({ evolve, initialState })
  return {
    name: "Emmett 0.42.0 on SQLite",
    workersMax: 1,
    accountsMax: 8,
    historyMax: 1_000,
    async seed(ids, count) {
      for (const id of ids)
        for (let from = 1; from <= count; from += appendMax) {
          const versions = Array.from({ length: Math.min(appendMax, count - from + 1) }, (_, index) => from + index)
          const events = versions.map((version): Opened | Deposited =>
            version === 1 ? { type: "Opened", data: openedData(id) } : { type: "Deposited", data: depositedData(id) },
          )
          await patiently(() => store.appendToStream(id, events))
        }
    },
    open: id => patiently(() => handle(store, id, (): Opened => ({ type: "Opened", data: openedData(id) }))),
    deposit: id =>
      patiently(() =>
        handle(store, id, (state): Deposited => {
          if (state.status === "unknown") throw new Error("there is no such account")
          return { type: "Deposited", data: depositedData(id) }
        }),
      ),
    close: async () => {},
  }
}
