import { Script } from "node:vm"
import { parse } from "graphql"
import type { App } from "../../core/manifest.ts"
import { pascalCase } from "../../model/names.ts"
import { graphqlSchema } from "../../model/schema.ts"
import { CliError } from "../cliError.ts"

/** `shareRequest` → `share request`. */
export const words = (name: string) => name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)

/** `invoice` → `an invoice`. */
export const withArticle = (name: string) => `${/^[aeio]/.test(name) ? "an" : "a"} ${words(name)}`

/** `copies` → `copy`; a name that is no plural stays as it is. */
export function singular(name: string): string {
  if (name.endsWith("ies")) return `${name.slice(0, -3)}y`
  if (/(?:x|ch|sh|ss)es$/.test(name)) return name.slice(0, -2)
  return /[^s]s$/.test(name) ? name.slice(0, -1) : name
}

/** `copyId` → `CopyId`: the type of an id is called like its field. */
export const idOf = (field: string) => pascalCase(field)

/** An id for tests: `copyId` → `copy-00000000000000000000`. */
export const someId = (field: string) => `${field.replace(/Id$/, "")}-`.padEnd(25, "0").slice(0, 64)

/** Throws CliError when a context, aggregate, view or automation cannot be called this. */
export function checkName(name: string): void {
  if (!/^[a-z][a-zA-Z0-9]{1,39}$/.test(name))
    throw new CliError(`${name} is no name: use camelCase, 2 to 40 letters and digits, the first one a small letter`)
  if (isReserved(name)) throw new CliError(`${name} is a word of JavaScript: choose another name`)
}

function isReserved(name: string): boolean {
  try {
    new Script(`"use strict"; async () => { const ${name} = 0 }`)
    return false
  } catch {
    return true
  }
}

/** Throws CliError when the file that would be written needs the name for something else; `write` gives it under another name. */
export function checkUsable(name: string, write: (name: string) => string): void {
  if (new RegExp(`\\b${name}\\b`).test(write("exampleOfAName")))
    throw new CliError(`${name} is reserved: the file that it would be written to needs the word. Choose another name`)
}

/** Throws CliError when the API has one of these names already. */
export function checkFreeOnApi(app: App, ...names: readonly string[]): void {
  const taken = parse(graphqlSchema(app)).definitions.flatMap(definition => {
    if (definition.kind !== "ObjectTypeDefinition") return "name" in definition ? [definition.name?.value] : []
    const type = definition.name.value
    const isRoot = /^(?:Query|Mutation|Subscription)$/.test(type)
    return [type, ...(isRoot ? (definition.fields ?? []).map(field => field.name.value) : [])]
  })
  const found = names.find(name => taken.includes(name))
  if (found !== undefined) throw new CliError(`${found} is taken on the API: choose another name`)
}
