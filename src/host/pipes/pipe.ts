import { z } from "zod"
import type { Host, ResourceRequest } from "../host.ts"
import { parseProperties } from "../lambda/function.ts"
import { describeMapping, type Mapping } from "../lambda/mappings/mapping.ts"

const number = z.coerce.number().int()
const text = z.string().optional()
const Batching = z.object({ BatchSize: number.optional(), MaximumBatchingWindowInSeconds: number.optional() })

const PipeProperties = z.object({
  Name: text,
  RoleArn: z.string(),
  Source: z.string(),
  DesiredState: z.enum(["RUNNING", "STOPPED"]).default("RUNNING"),
  SourceParameters: z
    .object({
      FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) }).optional(),
      SqsQueueParameters: Batching.optional(),
      DynamoDBStreamParameters: Batching.extend({
        StartingPosition: text,
        MaximumRecordAgeInSeconds: number.optional(),
        MaximumRetryAttempts: number.optional(),
        ParallelizationFactor: number.optional(),
        OnPartialBatchItemFailure: text,
        DeadLetterConfig: z.object({ Arn: text }).optional(),
      }).optional(),
    })
    .default({}),
  Enrichment: text,
  EnrichmentParameters: z.object({ InputTemplate: text }).default({}),
  Target: z.string(),
  TargetParameters: z
    .object({
      InputTemplate: text,
      LambdaFunctionParameters: z.object({ InvocationType: text }).optional(),
      StepFunctionStateMachineParameters: z.object({ InvocationType: text }).optional(),
      SqsQueueParameters: z.object({ MessageGroupId: text }).optional(),
      EventBridgeEventBusParameters: z
        .object({ DetailType: text, Source: text, Resources: z.array(z.string()).optional() })
        .optional(),
    })
    .default({}),
})

/** A pipe as it is configured: its source is read as a function's would be. */
export interface Pipe {
  readonly name: string
  readonly arn: string
  readonly roleArn: string
  readonly isRunning: boolean
  readonly mapping: Mapping
  readonly enrichment: string | undefined
  readonly enrichmentTemplate: string | undefined
  readonly target: string
  readonly targetParameters: z.infer<typeof PipeProperties>["TargetParameters"]
}

/** Why this host cannot run a pipe; undefined when it can. */
export function pipeProblem({ properties }: ResourceRequest): string | undefined {
  const { Source, Enrichment, Target } = properties
  if (!/^arn:aws:(sqs|dynamodb):/.test(String(Source))) return `this host has no pipes from ${String(Source)}`
  if (Enrichment !== undefined && !/^arn:aws:(lambda|states):/.test(String(Enrichment)))
    return `this host enriches by Lambda functions and Express state machines, not by ${String(Enrichment)}`
  const isReached = /^arn:aws:(lambda|sqs|sns|logs|states|events:[^:]*:[^:]*:event-bus\/)/.test(String(Target))
  return isReached ? undefined : `this host has no pipes to ${String(Target)}`
}

/** The pipe that a template's `AWS::Pipes::Pipe` describes; throws a one-line Error for what this host cannot do. */
export function describePipe(host: Host, resource: ResourceRequest): Pipe {
  const properties = parseProperties(PipeProperties, resource)
  const { Source, SourceParameters, Enrichment, Target, TargetParameters } = properties
  const { FilterCriteria, SqsQueueParameters, DynamoDBStreamParameters } = SourceParameters
  const { OnPartialBatchItemFailure, DeadLetterConfig, ...stream } = DynamoDBStreamParameters ?? {}
  const name = properties.Name ?? resource.physicalName
  const arn = `arn:aws:pipes:${host.region}:${host.accountId}:pipe/${name}`
  const mapping = describeMapping(host, {
    ...resource,
    properties: defined({
      FunctionName: arn,
      EventSourceArn: Source,
      ...SqsQueueParameters,
      ...stream,
      FilterCriteria,
      BisectBatchOnFunctionError: OnPartialBatchItemFailure === "AUTOMATIC_BISECT",
      DestinationConfig:
        DeadLetterConfig?.Arn === undefined ? undefined : { OnFailure: { Destination: DeadLetterConfig.Arn } },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    }),
  })
  return {
    name,
    arn,
    roleArn: properties.RoleArn,
    isRunning: properties.DesiredState === "RUNNING",
    mapping,
    enrichment: Enrichment,
    enrichmentTemplate: properties.EnrichmentParameters.InputTemplate,
    target: Target,
    targetParameters: TargetParameters,
  }
}

const defined = (properties: object) => JSON.parse(JSON.stringify(properties))
