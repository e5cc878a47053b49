import type { CreatedResource, Json, ResourceRequest } from "../host.ts"

/** Types whose absence changes nothing on a laptop: they get a stand-in without a word. */
const silentTypes = [
  /^AWS::CDK::Metadata$/,
  /^AWS::(ApplicationInsights|Backup|Budgets|CE|CloudTrail|CloudWatch|Logs|Oam|ResourceGroups|Synthetics|XRay)::/,
  /^AWS::CloudFormation::WaitCondition(Handle)?$/,
  /^Custom::(LogRetention|S3AutoDeleteObjects)$/,
]

export function isSilent(type: string): boolean {
  return silentTypes.some(pattern => pattern.test(type))
}

export function isCustom(type: string): boolean {
  return type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource"
}

/** A harmless resource in place of one that the host does not make: what refers to it still resolves. */
export function standIn({ type, properties, physicalName }: ResourceRequest): CreatedResource {
  const kind = type.slice(type.lastIndexOf(":") + 1)
  const name = properties[`${kind}Name`] ?? properties.Name
  return { ref: typeof name === "string" ? name : physicalName }
}

/** A plausible value of an attribute that no provider gives. */
export function standInAttribute(
  type: string,
  ref: string,
  attribute: string,
  region: string,
  accountId: string,
): Json {
  if (!attribute.endsWith("Arn")) return `${ref}.${attribute}`
  const [, service = "custom", kind = "resource"] = type.toLowerCase().split("::")
  return ref.startsWith("arn:") ? ref : `arn:aws:${service}:${region}:${accountId}:${kind}/${ref}`
}
