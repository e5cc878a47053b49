import { CfnResource } from "aws-cdk-lib/core"
import type { IConstruct } from "constructs"

/**
 * Excuses one resource from a rule of cdk-nag, with the reason; `findings` narrows it to those. Written as cdk-nag's own
 * metadata, so that a synth need not load it.
 */
export function excuse(construct: IConstruct, rule: string, reason: string, findings?: readonly string[]): void {
  const resource = construct.node.defaultChild ?? construct
  if (!CfnResource.isCfnResource(resource)) throw new Error(`${construct.node.path} is no resource to excuse`)
  const earlier: readonly unknown[] = resource.getMetadata("cdk_nag")?.rules_to_suppress ?? []
  const excused = { id: rule, reason, ...(findings === undefined ? {} : { applies_to: findings }) }
  resource.addMetadata("cdk_nag", { rules_to_suppress: [...earlier, excused] })
}
