import { existsSync, readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import type { Json, JsonObject } from "../host.ts"
import { objectOf, textOf } from "../json.ts"

/** A document in JSON or in YAML with CloudFormation's short tags. */
export async function readDocument(path: string): Promise<Json> {
  const text = readFileSync(path, "utf8")
  const document = text.trimStart().startsWith("{") ? JSON.parse(text) : (await import("./yaml.ts")).parseYaml(text)
  return included(document, dirname(path))
}

/** With every `AWS::Include` of a file beside the document replaced by what the file says; of other places it stays, to be refused. */
async function included(value: Json, folder: string): Promise<Json> {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return Promise.all(value.map(one => included(one, folder)))
  const file = includedFile(value["Fn::Transform"], folder)
  const members: JsonObject = {}
  for (const [name, member] of Object.entries(value)) {
    if (name === "Fn::Transform" && file !== undefined) Object.assign(members, objectOf(await readDocument(file)))
    else members[name] = await included(member, folder)
  }
  return members
}

function includedFile(transform: Json | undefined, folder: string): string | undefined {
  const { Name, Parameters } = objectOf(transform)
  const location = Name === "AWS::Include" ? textOf(objectOf(Parameters).Location) : undefined
  const path = location === undefined ? undefined : resolve(folder, location)
  return path !== undefined && existsSync(path) ? path : undefined
}
