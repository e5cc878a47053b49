import type { Json, JsonObject } from "../host.ts"
import { listOf, objectOf, textOf } from "../json.ts"
import { readDocument } from "./include.ts"
import { expandServerless, serverlessTransform } from "./sam/transform.ts"

/** The sections of a CloudFormation template that the host reads. */
export interface Template {
  readonly parameters: Record<string, ParameterDeclaration>
  readonly mappings: JsonObject
  readonly conditions: JsonObject
  readonly resources: Record<string, ResourceDeclaration>
  readonly outputs: Record<string, OutputDeclaration>
}

export interface ParameterDeclaration {
  readonly type: string
  readonly default: Json | undefined
}

export interface ResourceDeclaration {
  readonly type: string
  readonly properties: JsonObject
  readonly metadata: JsonObject
  readonly dependsOn: readonly string[]
  readonly condition: string | undefined
}

export interface OutputDeclaration {
  readonly value: Json
  readonly exportName: Json | undefined
  readonly condition: string | undefined
}

/** Reads a template file, JSON or YAML with CloudFormation's short tags. Throws an Error that names the file and what is wrong. */
export async function readTemplate(path: string): Promise<Template> {
  try {
    return parseTemplate(await readDocument(path))
  } catch (error) {
    throw new Error(`${path}: ${firstLine(error)}`)
  }
}

/** What is wrong, without the excerpt of the file that a parser draws below it. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]?.replace(/:$/, "") ?? ""

/** Checks the outline of a template. */
export function parseTemplate(document: Json): Template {
  const root = transformed(objectOf(document))
  const resources = sectionOf(root, "Resources", parseResource)
  if (Object.keys(resources).length === 0) throw new Error("this is no CloudFormation template: it has no Resources")
  return {
    parameters: sectionOf(root, "Parameters", declaration => ({
      type: textOf(declaration.Type) ?? "String",
      default: declaration.Default,
    })),
    mappings: objectOf(root.Mappings),
    conditions: objectOf(root.Conditions),
    resources,
    outputs: sectionOf(root, "Outputs", declaration => ({
      value: declaration.Value ?? null,
      exportName: objectOf(declaration.Export).Name,
      condition: textOf(declaration.Condition),
    })),
  }
}

function parseResource(declaration: JsonObject, logicalId: string): ResourceDeclaration {
  if (logicalId.startsWith("Fn::ForEach")) throw new Error(`${logicalId}: Fn::ForEach is not supported`)
  const type = textOf(declaration.Type)
  if (type === undefined) throw new Error(`resource ${logicalId} has no Type`)
  return {
    type,
    properties: objectOf(declaration.Properties),
    metadata: objectOf(declaration.Metadata),
    dependsOn: listOf(declaration.DependsOn).map(String),
    condition: textOf(declaration.Condition),
  }
}

function transformed(root: JsonObject): JsonObject {
  const names = listOf(root.Transform)
  const unknown = names.find(name => name !== "AWS::LanguageExtensions" && name !== serverlessTransform)
  if (unknown !== undefined)
    throw new Error(`the transform ${JSON.stringify(unknown)} is not supported: give the template as it is after it`)
  return names.includes(serverlessTransform) ? expandServerless(root) : root
}

function sectionOf<T>(root: JsonObject, name: string, parse: (declaration: JsonObject, key: string) => T) {
  const entries = Object.entries(objectOf(root[name]))
  return Object.fromEntries(entries.map(([key, declaration]) => [key, parse(objectOf(declaration), key)]))
}
