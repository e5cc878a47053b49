import { CliError } from "../cliError.ts"
import { idDeclaration } from "../templates/context.ts"
import { folderOf } from "./place.ts"
import type { Workspace } from "./workspace.ts"

/** Where a name is to be listed. */
export interface Entry {
  /** Path of the file, for messages. */
  readonly file: string
  /** The exported value that has the list, with its type: `lending: Context`. */
  readonly owner: string
  readonly list: string
  readonly name: string
  /** The module that exports it. */
  readonly from: string
}

/** Plans that a context's manifest lists what the module of this name exports. Throws CliError. */
export function addToManifest(workspace: Workspace, context: string, list: string, name: string): void {
  const file = `${folderOf(context)}/index.ts`
  workspace.change(file, text => listed(text, { file, owner: `${context}: Context`, list, name, from: `./${name}.ts` }))
}

/** Imports a name and adds it to a list of a manifest. Throws CliError when the file does not look as a manifest does. */
export function listed(text: string, { file, owner, list, name, from }: Entry): string {
  const refuse = (what: string) =>
    new CliError(`${file}: ${what}. Import ${name} from "${from}" and add it to ${list} by hand`)
  const start = text.indexOf(`export const ${owner} = {`)
  if (start < 0) throw refuse(`there is no "export const ${owner} = {"`)
  const [head, manifest] = [text.slice(0, start), text.slice(start)]
  const found = new RegExp(`\\b${list}: \\[([\\w\\s,]*)\\]`).exec(manifest)
  if (found === null || found.index > endOf(manifest)) throw refuse(`${list} is not a plain list of names`)
  const names = (found[1] ?? "").split(",").map(entry => entry.trim())
  const entries = [...names.filter(entry => entry !== ""), name].join(", ")
  const changed = manifest.replace(found[0], () => `${list}: [${entries}]`)
  return withImport(head, `import { ${name} } from "${from}"`, refuse) + changed
}

const endOf = (manifest: string) => {
  const end = /^\}|\}$/m.exec(manifest)
  return end === null ? manifest.length : end.index
}

function withImport(head: string, line: string, refuse: (what: string) => CliError): string {
  const imports = head.split("\n").filter(text => /^import .* from "/.test(text))
  const last = imports.at(-1)
  if (last === undefined) throw refuse("there is no import")
  const sorted = imports.find(text => pathOf(text).startsWith("./") && pathOf(text) > pathOf(line))
  return sorted === undefined
    ? head.replace(last, () => `${last}\n${line}`)
    : head.replace(sorted, () => `${line}\n${sorted}`)
}

const pathOf = (line: string) => line.slice(line.indexOf('"') + 1)

/** Adds ids that are not declared yet, after the last one that is. */
export function withIds(text: string, types: readonly string[]): string {
  return types
    .filter(type => !new RegExp(`^export const ${type}\\b`, "m").test(text))
    .reduce((declared, type) => {
      const last = [...declared.matchAll(/^export type \w+Id = .*\n/gm)].at(-1)
      const end = last === undefined ? declared.length : last.index + last[0].length
      const gap = last === undefined ? "\n" : ""
      return `${declared.slice(0, end)}${gap}${idDeclaration(type)}${declared.slice(end)}`
    }, text)
}
