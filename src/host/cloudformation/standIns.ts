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

/** Types whose `Ref` is an ARN, with the service and the kind in it. Source: "Return values" of each type's page. */
const arnRefs: Record<string, readonly [service: string, kind: string]> = {
  "AWS::StepFunctions::StateMachine": ["states", "stateMachine:"],
  "AWS::StepFunctions::Activity": ["states", "activity:"],
  "AWS::CertificateManager::Certificate": ["acm", "certificate/"],
  "AWS::ElasticLoadBalancingV2::LoadBalancer": ["elasticloadbalancing", "loadbalancer/app/"],
  "AWS::ElasticLoadBalancingV2::Listener": ["elasticloadbalancing", "listener/app/"],
  "AWS::ElasticLoadBalancingV2::TargetGroup": ["elasticloadbalancing", "targetgroup/"],
  "AWS::ECS::Service": ["ecs", "service/"],
  "AWS::ECS::TaskDefinition": ["ecs", "task-definition/"],
  "AWS::Batch::JobQueue": ["batch", "job-queue/"],
  "AWS::Batch::JobDefinition": ["batch", "job-definition/"],
}

/** A harmless resource in place of one that the host does not make: what refers to it still resolves. */
export function standIn(
  { type, properties, physicalName }: ResourceRequest,
  account: { readonly region: string; readonly accountId: string },
): CreatedResource {
  const kind = type.slice(type.lastIndexOf(":") + 1)
  const given = properties[`${kind}Name`] ?? properties.Name
  const name = typeof given === "string" ? given : physicalName
  const [service, prefix] = arnRefs[type] ?? []
  return {
    ref: service === undefined ? name : `arn:aws:${service}:${account.region}:${account.accountId}:${prefix}${name}`,
  }
}

/** A plausible value of an attribute that no provider gives. */
export function standInAttribute(
  type: string,
  ref: string,
  attribute: string,
  region: string,
  accountId: string,
): Json {
  if (!attribute.endsWith("Arn")) return `${ref.slice(ref.search(/[^:/]*$/))}.${attribute}`
  const [, service = "custom", kind = "resource"] = type.toLowerCase().split("::")
  return ref.startsWith("arn:") ? ref : `arn:aws:${service}:${region}:${accountId}:${kind}/${ref}`
}
