import { join } from "node:path"
import { startCell } from "./cell/cell.ts"

/**
 * The services outside that the app needs, as a process of its own: it goes on when the host is killed, for a while. Says where they
 * are in one line of JSON.
 */
const alonesMaxMs = 10 * 60_000
const port = Number(process.env.OUTSIDE_PORT ?? 0)
const key = process.env.OUTSIDE_KEY ?? ""
const folder = process.env.OUTSIDE_FOLDER
const failEvery = process.env.OUTSIDE_FAIL_EVERY

const cell = await startCell({
  port,
  key,
  ...(failEvery === undefined ? {} : { failEvery: Number(failEvery), transitionMs: 20 }),
  ...(folder === undefined ? {} : { journal: join(folder, "cell.jsonl") }),
})
console.log(JSON.stringify({ cell: { url: cell.url, key } }))

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void cell.stop().then(() => process.exit(0)))

const parent = process.ppid
let aloneMs = 0
const everyMs = 5_000
setInterval(() => {
  aloneMs = process.ppid === parent ? 0 : aloneMs + everyMs
  if (aloneMs >= alonesMaxMs) process.exit(0)
}, everyMs).unref()
