import { createHash } from "node:crypto"
import { z } from "zod"
import type { ResourceProvider, ResourceRequest } from "../../host.ts"
import { parseProperties } from "../../lambda/function.ts"
import { stableId } from "../identifiers.ts"
import { isTrue } from "./definition.ts"
import type { RestRegistry } from "./registry.ts"

const ApiKeyProperties = z.object({
  Name: z.string().optional(),
  Value: z.string().optional(),
  Enabled: isTrue.default(false),
})
const UsagePlanProperties = z.object({
  ApiStages: z.array(z.object({ ApiId: z.string(), Stage: z.string() })).default([]),
})
const UsagePlanKeyProperties = z.object({ KeyId: z.string(), UsagePlanId: z.string() })

/** What makes no difference here: it is there for those that refer to it. */
const inert = ({ physicalName }: ResourceRequest) => ({ ref: stableId(physicalName).slice(0, 6) })

/** The CloudFormation types of API keys and usage plans, and those that change nothing on a laptop. */
export function accessResources({ keys, plans }: RestRegistry): Record<string, ResourceProvider> {
  return {
    "AWS::ApiGateway::ApiKey": {
      honours: ["Name", "Value", "Enabled"],
      // Stage keys lost their meaning to usage plans.
      indifferent: ["StageKeys", "CustomerId", "Description", "GenerateDistinctId", "Tags"],
      create: resource => {
        const { Name, Value, Enabled } = parseProperties(ApiKeyProperties, resource)
        const id = stableId(resource.physicalName)
        const value = Value ?? createHash("sha256").update(resource.physicalName).digest("hex").slice(0, 40)
        keys.set(id, { id, name: Name ?? resource.physicalName, value, isEnabled: Enabled })
        return { ref: id, attributes: { APIKeyId: id } }
      },
    },

    "AWS::ApiGateway::UsagePlan": {
      honours: ["ApiStages.ApiId", "ApiStages.Stage"],
      indifferent: ["Description", "Tags", "UsagePlanName"],
      create: resource => {
        const { ApiStages } = parseProperties(UsagePlanProperties, resource)
        const id = stableId(resource.physicalName).slice(0, 6)
        const stages = new Set(ApiStages.map(({ ApiId, Stage }) => `${ApiId}/${Stage}`))
        plans.set(id, { stages, keyIds: new Set() })
        return { ref: id, attributes: { Id: id } }
      },
    },

    "AWS::ApiGateway::UsagePlanKey": {
      honours: ["KeyId", "KeyType", "UsagePlanId"],
      create: resource => {
        const { KeyId, UsagePlanId } = parseProperties(UsagePlanKeyProperties, resource)
        plans.get(UsagePlanId)?.keyIds.add(KeyId)
        return { ref: `${KeyId}:${UsagePlanId}`, attributes: { Id: `${KeyId}:${UsagePlanId}` } }
      },
    },

    "AWS::ApiGateway::Account": { honours: [], indifferent: ["*"], create: inert },
    "AWS::ApiGateway::ClientCertificate": { honours: [], indifferent: ["*"], create: inert },
    "AWS::ApiGateway::DocumentationPart": { honours: [], indifferent: ["*"], create: inert },
    "AWS::ApiGateway::DocumentationVersion": { honours: [], indifferent: ["*"], create: inert },
    "AWS::ApiGateway::BasePathMapping": { honours: [], indifferent: ["*"], create: inert },
    "AWS::ApiGateway::DomainName": {
      honours: [],
      indifferent: ["*"],
      create: ({ physicalName, properties }) => {
        const name = String(properties.DomainName ?? physicalName)
        const target = `d-${stableId(physicalName)}.execute-api.amazonaws.com`
        return {
          ref: name,
          attributes: {
            DistributionDomainName: target,
            DistributionHostedZoneId: "Z2FDTNDATAQYW2",
            RegionalDomainName: target,
            RegionalHostedZoneId: "Z2FDTNDATAQYW2",
          },
        }
      },
    },
  }
}
