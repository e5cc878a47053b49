import type { Json, ResourceProvider } from "../host.ts"
import { type Assembly, openAssembly } from "./assembly.ts"
import type { DeployedResource } from "./deployedResource.ts"
import type { DeployedStack } from "./deployedStack.ts"
import { collectGaps } from "./gaps.ts"
import { stableUuid } from "./names.ts"
import { deployStack } from "./stack.ts"
import { readTemplate } from "./template.ts"

export type { Assembly, DeployedResource }
export { openAssembly }

export interface DeploySettings {
  readonly region: string
  readonly accountId: string
  readonly parameters: Readonly<Record<string, string>>
  provider(type: string): ResourceProvider | undefined
  dynamicValue(service: string, reference: string): string | undefined
}

export interface DeployResult {
  readonly stacks: readonly DeployedStack[]
  readonly resources: readonly DeployedResource[]
  /** `<stack>.<output>` → value. */
  readonly outputs: Record<string, string>
  /** One line per kind of thing that the template asks for and the host does not do. */
  readonly gaps: readonly string[]
}

/** Creates every resource of every stack, stacks in dependency order. Throws an Error that names stack and resource. */
export async function deploy(assembly: Assembly, settings: DeploySettings): Promise<DeployResult> {
  const { region, accountId } = settings
  const gaps = collectGaps()
  const stacks: DeployedStack[] = []
  const resources: DeployedResource[] = []
  const outputs: Record<string, string> = {}
  const deployment = {
    region,
    accountId,
    gaps,
    exports: new Map<string, Json>(),
    provider: settings.provider,
    dynamicValue: settings.dynamicValue,
    templateAt: assembly.assets.resolveUrl,
    stackArn: (name: string) => `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${stableUuid(name)}`,
    created: (resource: DeployedResource) => resources.push(resource),
    finished: (stack: DeployedStack) => stacks.push(stack),
  }
  for (const stack of assembly.stacks) {
    const given = { ...stack.parameters, ...settings.parameters }
    const template = await readTemplate(stack.templatePath)
    for (const [name, value] of Object.entries(await deployStack(stack.name, template, given, deployment)))
      outputs[`${stack.name}.${name}`] = value
  }
  return { stacks, resources, outputs, gaps: gaps.lines() }
}
