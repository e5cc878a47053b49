import { join } from "node:path"
import { startCell } from "./cell/cell.ts"
import { startDatadog } from "./datadog/datadog.ts"
import { startStripe } from "./stripe/stripe.ts"

/**
 * The services outside that the app needs, as a process of its own: it goes on when the host is killed, for a while. Says where they
 * are in one line of JSON.
 */
const port = Number(process.env.OUTSIDE_PORT ?? 0)
/** At a port that was drawn the next host would not find it. */
const alonesMaxMs = port === 0 ? 0 : 10 * 60_000
const key = process.env.OUTSIDE_KEY ?? ""
const folder = process.env.OUTSIDE_FOLDER
const failEvery = process.env.OUTSIDE_FAIL_EVERY

const datadog = await startDatadog(port === 0 ? 0 : port + 2)
const cell = await startCell({
  datadogUrl: datadog.url,
  port,
  key,
  ...(failEvery === undefined ? {} : { failEvery: Number(failEvery), transitionMs: 20 }),
  ...(folder === undefined ? {} : { journal: join(folder, "cell.jsonl") }),
})
const stripe = await startStripe({
  port: port === 0 ? 0 : port + 1,
  key,
  signingSecret: key,
  ...(folder === undefined ? {} : { journal: join(folder, "stripe.jsonl") }),
})
console.log(JSON.stringify({ cell: { url: cell.url, key }, stripe: { url: stripe.url, key, hook: key } }))

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void cell.stop().then(() => process.exit(0)))

const parent = process.ppid
let aloneMs = 0
const everyMs = 5_000
setInterval(() => {
  aloneMs = process.ppid === parent ? 0 : aloneMs + everyMs
  if (aloneMs > alonesMaxMs) process.exit(0)
}, everyMs).unref()
