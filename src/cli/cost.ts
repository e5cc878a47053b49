import { readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { CliError } from "./cliError.ts"
import { measure } from "./cost/measure.ts"
import { monthOf } from "./cost/month.ts"
import { prices } from "./cost/prices.ts"
import { report } from "./cost/report.ts"
import { verdictsOf } from "./cost/targets.ts"
import { synthesize } from "./synth.ts"

const root = process.env.FOLDLINE_ROOT ?? process.cwd()
const Settings = z.object({
  context: z.object({
    "foldline:demoUsers": z.array(z.object({ email: z.string(), password: z.string(), groups: z.array(z.string()) })),
  }),
})

/** Measures and prints what AWS would bill. */
export async function cost(flags: { users: string; json?: boolean }): Promise<void> {
  const users = Number(flags.users)
  if (!Number.isInteger(users) || users < 0) throw new CliError(`--users must be a whole number, not ${flags.users}`)
  const { context } = Settings.parse(JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")))
  const list = prices()
  const tell = (line: string) => console.error(line)
  const measured = await measure(root, await synthesize(root, tell), context["foldline:demoUsers"], list, tell)
  const month = monthOf(users, measured, list)
  const verdicts = verdictsOf(measured, month)
  if (flags.json) console.log(JSON.stringify({ prices: list, ...measured, month, verdicts }))
  else for (const line of report(measured, month, verdicts, list)) console.log(line)
}
