import { aggregateNamed } from "../../core/manifest.ts"
import { camelCase, pascalCase } from "../../model/names.ts"
import { CliError } from "../cliError.ts"
import { type AggregateNames, aggregateFile, aggregateTest } from "../templates/aggregate.ts"
import { checkFreeOnApi, checkUsable, idOf } from "./naming.ts"
import { contextFor, folderOf, type NewFlags } from "./place.ts"
import { addToManifest, withIds } from "./register.ts"
import type { Workspace } from "./workspace.ts"

/** Plans an aggregate in a context that is there. */
export function newAggregate(workspace: Workspace, name: string, flags: NewFlags): void {
  addAggregate(workspace, contextFor(workspace.app, flags.context).name, name)
}

/** Plans an aggregate with its ids, its test and its place in the manifest. Throws CliError when the name is taken. */
export function addAggregate(workspace: Workspace, context: string, name: string): void {
  const { app } = workspace
  const owner = aggregateNamed(app, name)
  if (owner !== undefined) throw new CliError(`${name} is an aggregate of ${owner.context.name}: choose another name`)
  const names: AggregateNames = {
    context,
    name,
    tenant: app.tenancy.field,
    role: app.tenancy.roles.at(-2) ?? app.tenancy.roles.at(-1) ?? "member",
  }
  checkUsable(name, example => aggregateFile({ ...names, name: example }))
  checkFreeOnApi(app, camelCase(`Add${pascalCase(name)}`), `Add${pascalCase(name)}Input`)

  const folder = folderOf(context)
  workspace.add(`${folder}/${name}.ts`, aggregateFile(names))
  workspace.add(`test/rule/${context}/${name}.test.ts`, aggregateTest(names))
  workspace.change(`${folder}/ids.ts`, text => withIds(text, [idOf(names.tenant), idOf(`${name}Id`)]))
  addToManifest(workspace, context, "aggregates", name)
}
