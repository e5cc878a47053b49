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

/** Types whose `Ref` is an ARN. Source: "Return values" of each type's page. */
const refsAreArns = new Set([
  "AWS::StepFunctions::Activity",
  "AWS::CertificateManager::Certificate",
  "AWS::ElasticLoadBalancingV2::LoadBalancer",
  "AWS::ElasticLoadBalancingV2::Listener",
  "AWS::ElasticLoadBalancingV2::TargetGroup",
  "AWS::ECS::Service",
  "AWS::ECS::TaskDefinition",
  "AWS::Batch::JobQueue",
  "AWS::Batch::JobDefinition",
])

/** Service and resource of ARNs that do not follow from the type's name. Source: the Service Authorization Reference. */
const arnShapes: Record<string, readonly [service: string, before: string, after?: string]> = {
  "AWS::StepFunctions::Activity": ["states", "activity:"],
  "AWS::CertificateManager::Certificate": ["acm", "certificate/"],
  "AWS::ElasticLoadBalancingV2::LoadBalancer": ["elasticloadbalancing", "loadbalancer/app/"],
  "AWS::ElasticLoadBalancingV2::Listener": ["elasticloadbalancing", "listener/app/"],
  "AWS::ElasticLoadBalancingV2::TargetGroup": ["elasticloadbalancing", "targetgroup/"],
  "AWS::ECS::TaskDefinition": ["ecs", "task-definition/"],
  "AWS::Batch::JobQueue": ["batch", "job-queue/"],
  "AWS::Batch::JobDefinition": ["batch", "job-definition/"],
  "AWS::Logs::LogGroup": ["logs", "log-group:", ":*"],
  "AWS::RDS::DBCluster": ["rds", "cluster:"],
  "AWS::RDS::DBInstance": ["rds", "db:"],
  "AWS::OpenSearchService::Domain": ["es", "domain/"],
  "AWS::KinesisFirehose::DeliveryStream": ["firehose", "deliverystream/"],
  "AWS::EFS::FileSystem": ["elasticfilesystem", "file-system/"],
}

interface Account {
  readonly region: string
  readonly accountId: string
}

function arnOf(type: string, name: string, { region, accountId }: Account): string {
  const [, service = "custom", kind = "resource"] = type.toLowerCase().split("::")
  const [inArn, before, after = ""] = arnShapes[type] ?? [service, `${kind}/`]
  return `arn:aws:${inArn}:${region}:${accountId}:${before}${name}${after}`
}

/** A harmless resource in place of one that the host does not make: what refers to it still resolves. */
export function standIn({ type, properties, physicalName }: ResourceRequest, account: Account): CreatedResource {
  const kind = type.slice(type.lastIndexOf(":") + 1)
  const given = properties[`${kind}Name`] ?? properties.Name
  const name = typeof given === "string" ? given : physicalName
  return { ref: refsAreArns.has(type) ? arnOf(type, name, account) : name }
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
  return ref.startsWith("arn:") ? ref : arnOf(type, ref, { region, accountId })
}
