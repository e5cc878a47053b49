import { CliError } from "../cliError.ts"
import { contextIds, contextIndex } from "../templates/context.ts"
import { addAggregate } from "./aggregate.ts"
import { checkName, checkUsable, singular } from "./naming.ts"
import { folderOf, type NewFlags } from "./place.ts"
import { listed } from "./register.ts"
import type { Workspace } from "./workspace.ts"

/** Plans a context with its first aggregate. */
export function newContext(workspace: Workspace, name: string, flags: NewFlags): void {
  const first = flags.aggregate ?? singular(name)
  checkName(first)
  if (first === name)
    throw new CliError(`say what its first aggregate is called: foldline new context ${name} --aggregate <name>`)
  checkUsable(name, contextIndex)
  workspace.add(`${folderOf(name)}/index.ts`, contextIndex(name))
  workspace.add(`${folderOf(name)}/ids.ts`, contextIds)
  const file = "src/contexts/index.ts"
  workspace.change(file, text =>
    listed(text, { file, owner: "app: App", list: "contexts", name, from: `./${name}/index.ts` }),
  )
  addAggregate(workspace, name, first)
}
