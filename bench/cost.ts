import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Measured, measure } from "../src/cli/cost/measure.ts"
import { type Month, monthOf } from "../src/cli/cost/month.ts"
import { prices } from "../src/cli/cost/prices.ts"
import { synthesize } from "../src/cli/synth.ts"
import { root } from "./host.ts"
import type { Bench } from "./report.ts"

const users = 50

/** What `npx foldline cost` counts. */
export async function cost({ tell }: Bench): Promise<{ readonly measured: Measured; readonly month: Month }> {
  const { context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")) as {
    context: { "foldline:demoUsers": { email: string; password: string; groups: string[] }[] }
  }
  const list = prices()
  const measured = await measure(root, await synthesize(root, tell), context["foldline:demoUsers"], list, tell)
  return { measured, month: monthOf(users, measured, list) }
}
