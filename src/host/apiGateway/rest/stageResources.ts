import { z } from "zod"
import type { ResourceProvider, ResourceRequest } from "../../host.ts"
import { objectOf } from "../../json.ts"
import { parseProperties } from "../../lambda/function.ts"
import { stableId } from "../identifiers.ts"
import type { RestApi } from "./registry.ts"

const StageProperties = z.object({
  StageName: z.string(),
  Variables: z.record(z.string(), z.coerce.string()).default({}),
  DeploymentId: z.string().default(""),
})

const stageSettings = [
  "AccessLogSetting",
  "CacheClusterEnabled",
  "CacheClusterSize",
  "CanarySetting",
  "ClientCertificateId",
  "Description",
  "DocumentationVersion",
  "MethodSettings",
  "Tags",
  "TracingEnabled",
]

/** The CloudFormation types of deployments and stages. A stage serves what the template says, whatever was deployed when. */
export function stageResources(apiOf: (resource: ResourceRequest) => RestApi): Record<string, ResourceProvider> {
  return {
    "AWS::ApiGateway::Deployment": {
      honours: ["RestApiId", "StageName", "StageDescription.Variables"],
      indifferent: [
        "Description",
        "DeploymentCanarySettings",
        ...stageSettings.map(name => `StageDescription.${name}`),
        "StageDescription.LoggingLevel",
        "StageDescription.MetricsEnabled",
        "StageDescription.DataTraceEnabled",
      ],
      create: resource => {
        const id = stableId(resource.physicalName).slice(0, 6)
        const { StageName, StageDescription } = resource.properties
        if (typeof StageName === "string") {
          const given = { StageName, ...objectOf(StageDescription) }
          addStage(apiOf(resource), { ...resource, properties: given }, id)
        }
        return { ref: id, attributes: { DeploymentId: id } }
      },
    },

    "AWS::ApiGateway::Stage": {
      honours: ["RestApiId", "StageName", "DeploymentId", "Variables"],
      indifferent: stageSettings,
      create: resource => ({ ref: addStage(apiOf(resource), resource) }),
    },
  }
}

function addStage(api: RestApi, resource: ResourceRequest, deployment = ""): string {
  const { StageName, Variables, DeploymentId } = parseProperties(StageProperties, resource)
  api.stages.set(StageName, { variables: Variables, deploymentId: DeploymentId || deployment })
  return StageName
}
