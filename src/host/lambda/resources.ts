import { z } from "zod"
import type { Host, ResourceProvider } from "../host.ts"
import { defaultAsyncSettings } from "./asyncQueue.ts"
import { unpackCode } from "./code.ts"
import { describeFunction, languageProblem, parseProperties } from "./function.ts"
import type { Functions } from "./functions.ts"
import { createLayers } from "./layers.ts"
import { describeMapping } from "./mappings/mapping.ts"
import type { Mappings } from "./mappings/mappings.ts"
import { permissionStatement } from "./permissions.ts"

const PermissionProperties = z.object({
  FunctionName: z.string(),
  Principal: z.string(),
  Action: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
  FunctionUrlAuthType: z.string().optional(),
  InvokedViaFunctionUrl: z.union([z.boolean(), z.stringbool()]).optional(),
})

const EventInvokeConfigProperties = z.object({
  FunctionName: z.string(),
  Qualifier: z.string().default("$LATEST"),
  MaximumRetryAttempts: z.coerce.number().int().min(0).max(2).default(defaultAsyncSettings.retriesMax),
  MaximumEventAgeInSeconds: z.coerce.number().int().min(60).max(21_600).default(21_600),
  DestinationConfig: z
    .object({
      OnSuccess: z.object({ Destination: z.string().optional() }).optional(),
      OnFailure: z.object({ Destination: z.string().optional() }).optional(),
    })
    .optional(),
})

const VersionProperties = z.object({ FunctionName: z.string() })
const AliasProperties = z.object({ FunctionName: z.string(), Name: z.string() })

/** The CloudFormation types of Lambda. Versions and aliases run the latest code: the host has one deployment. */
export function lambdaResources(
  host: Host,
  functions: Functions,
  mappings: Mappings,
): Record<string, ResourceProvider> {
  const layers = createLayers(host)
  return {
    "AWS::Lambda::LayerVersion": layers.provider,

    "AWS::Lambda::Function": {
      honours: [
        "Code.S3Bucket",
        "Code.S3Key",
        "Code.ZipFile",
        "DeadLetterConfig",
        "Description",
        "Environment",
        "FunctionName",
        "Handler",
        "Layers",
        "LoggingConfig",
        "MemorySize",
        "PackageType",
        "ReservedConcurrentExecutions",
        "Role",
        "Runtime",
        "Timeout",
      ],
      indifferent: [
        "Architectures",
        "Code.S3ObjectVersion",
        "EphemeralStorage",
        "KmsKeyArn",
        "RecursiveLoop",
        "RuntimeManagementConfig",
        "SnapStart",
        "Tags",
        "TracingConfig",
        "VpcConfig",
      ],
      create: async resource => {
        const taskRoot = unpackCode(host, resource)
        const described = describeFunction(host, resource, taskRoot)
        const optRoot = languageProblem(described) === undefined ? layers.unpack(resource, taskRoot) : undefined
        const { lambda } = await functions.deploy({ ...described, optRoot })
        return { ref: lambda.name, attributes: { Arn: lambda.arn } }
      },
    },

    "AWS::Lambda::Permission": {
      honours: Object.keys(PermissionProperties.shape),
      create: resource => {
        const properties = parseProperties(PermissionProperties, resource)
        const { FunctionName, Principal, Action, SourceArn, SourceAccount } = properties
        const { deployed, arn } = functions.find(FunctionName)
        const sid = resource.physicalName
        const permission = {
          sid,
          arn,
          principal: Principal,
          action: Action,
          sourceArn: SourceArn,
          sourceAccount: SourceAccount,
          functionUrlAuthType: properties.FunctionUrlAuthType,
          invokedViaFunctionUrl: properties.InvokedViaFunctionUrl,
        }
        deployed.policy.set(sid, permissionStatement(permission))
        return { ref: sid, attributes: { Id: sid } }
      },
    },

    "AWS::Lambda::EventInvokeConfig": {
      honours: ["FunctionName", "Qualifier", "MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"],
      create: resource => {
        const properties = parseProperties(EventInvokeConfigProperties, resource)
        functions.find(properties.FunctionName).deployed.asyncSettings.set(properties.Qualifier, {
          retriesMax: properties.MaximumRetryAttempts,
          ageMaxMs: properties.MaximumEventAgeInSeconds * 1000,
          onSuccessArn: properties.DestinationConfig?.OnSuccess?.Destination,
          onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
        })
        return { ref: resource.physicalName }
      },
    },

    "AWS::Lambda::Version": {
      honours: ["FunctionName"],
      indifferent: ["CodeSha256", "Description", "RuntimePolicy", "ProvisionedConcurrencyConfig"],
      create: resource => {
        const { deployed } = functions.find(parseProperties(VersionProperties, resource).FunctionName)
        const version = String([...deployed.qualifiers].filter(name => /^\d+$/.test(name)).length + 1)
        deployed.qualifiers.add(version)
        const arn = `${deployed.lambda.arn}:${version}`
        return { ref: arn, attributes: { Version: version, FunctionArn: arn } }
      },
    },

    "AWS::Lambda::Alias": {
      honours: ["FunctionName", "Name"],
      indifferent: ["Description", "FunctionVersion", "ProvisionedConcurrencyConfig"],
      create: resource => {
        const { FunctionName, Name } = parseProperties(AliasProperties, resource)
        const { deployed } = functions.find(FunctionName)
        deployed.qualifiers.add(Name)
        const arn = `${deployed.lambda.arn}:${Name}`
        return { ref: arn, attributes: { AliasArn: arn } }
      },
    },

    "AWS::Lambda::EventSourceMapping": {
      honours: [
        "BatchSize",
        "BisectBatchOnFunctionError",
        "DestinationConfig",
        "Enabled",
        "EventSourceArn",
        "FilterCriteria",
        "FunctionName",
        "FunctionResponseTypes",
        "MaximumBatchingWindowInSeconds",
        "MaximumRecordAgeInSeconds",
        "MaximumRetryAttempts",
        "ParallelizationFactor",
        "ScalingConfig",
        "StartingPosition",
        "TumblingWindowInSeconds",
      ],
      indifferent: ["KmsKeyArn", "MetricsConfig", "Tags"],
      create: resource => {
        const mapping = describeMapping(host, resource)
        functions.find(mapping.function)
        mappings.add(mapping)
        return { ref: mapping.id, attributes: { Id: mapping.id, EventSourceMappingArn: mapping.arn } }
      },
    },
  }
}
