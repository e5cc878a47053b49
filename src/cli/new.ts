import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { CliError } from "./cliError.ts"
import { newAggregate } from "./new/aggregate.ts"
import { newAutomation } from "./new/automation.ts"
import { newContext } from "./new/context.ts"
import { checkName } from "./new/naming.ts"
import type { NewFlags } from "./new/place.ts"
import { newView } from "./new/view.ts"
import { openWorkspace, type Workspace } from "./new/workspace.ts"

type Plan = (workspace: Workspace, name: string, flags: NewFlags) => void | Promise<void>
const kinds = new Map<string, Plan>([
  ["context", newContext],
  ["aggregate", newAggregate],
  ["view", newView],
  ["automation", newAutomation],
])

/** Writes a working, tested starting file and registers it; nothing is written when anything speaks against it. Throws CliError. */
export async function create(kind: string, name: string, flags: NewFlags): Promise<void> {
  const plan = kinds.get(kind)
  if (plan === undefined) throw new CliError(`there is no new ${kind}: it is one of ${[...kinds.keys()].join(", ")}`)
  checkName(name)
  const root = process.env.FOLDLINE_ROOT ?? process.cwd()
  const workspace = await openWorkspace(root)
  await plan(workspace, name, flags)
  const paths = workspace.save()
  format(root, paths)
  for (const path of paths) console.log(`wrote ${path}`)
  console.log(
    "next: `npm test -- rule` runs its test; say your own rules in it, and `npx foldline generate` for the API",
  )
}

function format(root: string, paths: readonly string[]): void {
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome")
  if (!existsSync(biome)) return
  const { status, stderr } = spawnSync(process.execPath, [biome, "check", "--write", ...paths], {
    cwd: root,
    encoding: "utf8",
  })
  if (status !== 0) throw new CliError(`the files are written, but Biome finds fault with them:\n${stderr}`)
}
