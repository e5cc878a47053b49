import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import type { Assets } from "../host.ts"
import { assetIndex } from "./assets.ts"
import { firstLine } from "./template.ts"

/** What is to be deployed: stacks in dependency order, and where their assets lie. */
export interface Assembly {
  readonly stacks: readonly StackSource[]
  readonly assets: Assets
}

export interface StackSource {
  readonly name: string
  readonly templatePath: string
  readonly parameters: Record<string, string>
  /** Fixed in the CDK app, when it is not agnostic of its environment. */
  readonly region?: string
  readonly accountId?: string
}

interface Artifact {
  type: string
  environment?: string
  dependencies?: string[]
  properties?: {
    templateFile?: string
    stackName?: string
    parameters?: Record<string, string>
    directoryName?: string
  }
}

/** Opens a cdk.out folder or one template file. Throws an Error that says what is missing. */
export function openAssembly(path: string): Assembly {
  if (!existsSync(path)) throw new Error(`there is no template at ${path}: give a cdk.out folder or a template file`)
  if (!statSync(path).isDirectory())
    return {
      stacks: [{ name: stackName(path), templatePath: path, parameters: {} }],
      assets: assetIndex([dirname(path)]),
    }
  const folders = assemblyFolders(path)
  const stacks = folders.flatMap(stacksOf)
  if (stacks.length > 0) return { stacks, assets: assetIndex(folders) }
  const templates = readdirSync(path).filter(name => name.endsWith(".template.json"))
  throw new Error(`${path} holds no stack in its manifest.json (templates: ${templates.join(", ") || "none"})`)
}

function assemblyFolders(folder: string): string[] {
  const nested = Object.values(artifactsOf(folder)).filter(artifact => artifact.type === "cdk:cloud-assembly")
  return [folder, ...nested.flatMap(({ properties }) => assemblyFolders(join(folder, properties?.directoryName ?? "")))]
}

function stacksOf(folder: string): StackSource[] {
  const artifacts = artifactsOf(folder)
  const ordered = new Set<string>()
  const visit = (id: string) => {
    if (ordered.has(id)) return
    for (const dependency of artifacts[id]?.dependencies ?? []) visit(dependency)
    ordered.add(id)
  }
  for (const id of Object.keys(artifacts)) visit(id)
  return [...ordered].flatMap(id => {
    const artifact = artifacts[id]
    if (artifact?.type !== "aws:cloudformation:stack" || artifact.properties?.templateFile === undefined) return []
    const [, accountId, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? "") ?? []
    return {
      name: artifact.properties.stackName ?? id,
      templatePath: join(folder, artifact.properties.templateFile),
      parameters: artifact.properties.parameters ?? {},
      ...(region !== undefined && region !== "unknown-region" && { region }),
      ...(accountId !== undefined && accountId !== "unknown-account" && { accountId }),
    }
  })
}

function artifactsOf(folder: string): Record<string, Artifact> {
  const path = join(folder, "manifest.json")
  if (!existsSync(path)) throw new Error(`${folder} is no cdk.out folder: it has no manifest.json`)
  try {
    return JSON.parse(readFileSync(path, "utf8")).artifacts ?? {}
  } catch (error) {
    throw new Error(`${path}: ${firstLine(error)}`)
  }
}

function stackName(path: string): string {
  const name = basename(path).replace(/(\.template)?\.(json|ya?ml|template)$/, "")
  return name.replace(/[^A-Za-z0-9-]+/g, "-").replace(/^[^A-Za-z]+/, "") || "stack"
}
