import { createHash } from "node:crypto"
import { z } from "zod"
import { type Host, type JsonObject, type ResourceRequest, Unsupported } from "../../host.ts"
import { parseProperties } from "../function.ts"

/** An event source mapping as it is configured; times in milliseconds, -1 stands for no limit. */
export interface Mapping {
  readonly id: string
  readonly arn: string
  readonly sourceArn: string
  readonly source: "dynamodb" | "sqs"
  /** Name or ARN of the function, with its qualifier. */
  readonly function: string
  readonly enabled: boolean
  readonly batchSize: number
  readonly windowMs: number
  readonly startingPosition: "TRIM_HORIZON" | "LATEST"
  /** Event patterns as JSON text; a record passes when one of them matches, or when there is none. */
  readonly filterPatterns: readonly string[]
  readonly lanes: number
  readonly bisects: boolean
  readonly retriesMax: number
  readonly ageMaxMs: number
  readonly onFailureArn: string | undefined
  readonly reportsItemFailures: boolean
  /** Batches of a queue in work at once. */
  readonly concurrencyMax: number
}

const wholeNumber = z.coerce.number().int()
const flag = z.union([z.boolean(), z.stringbool()])

const MappingProperties = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.string().optional(),
  Enabled: flag.default(true),
  BatchSize: wholeNumber.min(1).max(10_000).optional(),
  MaximumBatchingWindowInSeconds: wholeNumber.min(0).max(300).default(0),
  StartingPosition: z.enum(["TRIM_HORIZON", "LATEST"]).optional(),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) }).optional(),
  ParallelizationFactor: wholeNumber.min(1).max(10).default(1),
  BisectBatchOnFunctionError: flag.default(false),
  MaximumRetryAttempts: wholeNumber.min(-1).max(10_000).default(-1),
  MaximumRecordAgeInSeconds: wholeNumber.min(-1).max(604_800).default(-1),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string().optional() }).optional() }).optional(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: wholeNumber.min(2).max(1000).optional() }).optional(),
  TumblingWindowInSeconds: wholeNumber.default(0),
})

/** Lambda begins with five readers of a queue. */
const queueReaders = 5

/** The mapping that a template's `AWS::Lambda::EventSourceMapping` describes; throws a one-line Error for what this host cannot do. */
export function describeMapping(host: Host, resource: ResourceRequest): Mapping {
  const properties = parseProperties(MappingProperties, resource)
  const sourceArn = properties.EventSourceArn ?? "a source outside of AWS"
  const source = sourceOf(sourceArn)
  if (properties.TumblingWindowInSeconds > 0) {
    throw new Unsupported("this host has no tumbling windows")
  }
  if (source === "dynamodb" && properties.StartingPosition === undefined) {
    throw new Error(`${resource.logicalId}: a stream needs StartingPosition: TRIM_HORIZON or LATEST`)
  }
  const id = idOf(`${resource.stackName}/${resource.logicalId}`)
  return {
    id,
    arn: `arn:aws:lambda:${host.region}:${host.accountId}:event-source-mapping:${id}`,
    sourceArn,
    source,
    function: properties.FunctionName,
    enabled: properties.Enabled,
    batchSize: properties.BatchSize ?? (source === "sqs" ? 10 : 100),
    windowMs: properties.MaximumBatchingWindowInSeconds * 1000,
    startingPosition: properties.StartingPosition ?? "TRIM_HORIZON",
    filterPatterns: (properties.FilterCriteria?.Filters ?? []).map(filter => filter.Pattern),
    lanes: properties.ParallelizationFactor,
    bisects: properties.BisectBatchOnFunctionError,
    retriesMax: properties.MaximumRetryAttempts,
    ageMaxMs: properties.MaximumRecordAgeInSeconds < 0 ? -1 : properties.MaximumRecordAgeInSeconds * 1000,
    onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
    reportsItemFailures: properties.FunctionResponseTypes.includes("ReportBatchItemFailures"),
    concurrencyMax: properties.ScalingConfig?.MaximumConcurrency ?? queueReaders,
  }
}

/** The mapping as `GetEventSourceMapping` answers it. */
export function mappingConfiguration(mapping: Mapping, functionArn: string, enabled: boolean): JsonObject {
  const { onFailureArn } = mapping
  return {
    UUID: mapping.id,
    EventSourceMappingArn: mapping.arn,
    EventSourceArn: mapping.sourceArn,
    FunctionArn: functionArn,
    State: enabled ? "Enabled" : "Disabled",
    StateTransitionReason: "USER_INITIATED",
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowMs / 1000,
    FunctionResponseTypes: mapping.reportsItemFailures ? ["ReportBatchItemFailures"] : [],
    ...(mapping.filterPatterns.length > 0 && {
      FilterCriteria: { Filters: mapping.filterPatterns.map(Pattern => ({ Pattern })) },
    }),
    ...(mapping.source === "sqs" && { ScalingConfig: { MaximumConcurrency: mapping.concurrencyMax } }),
    ...(mapping.source === "dynamodb" && {
      StartingPosition: mapping.startingPosition,
      ParallelizationFactor: mapping.lanes,
      BisectBatchOnFunctionError: mapping.bisects,
      MaximumRetryAttempts: mapping.retriesMax,
      MaximumRecordAgeInSeconds: mapping.ageMaxMs < 0 ? -1 : mapping.ageMaxMs / 1000,
      DestinationConfig: { OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn } },
    }),
  }
}

function sourceOf(arn: string): Mapping["source"] {
  const service = arn.split(":")[2]
  if (service === "dynamodb" || service === "sqs") return service
  throw new Unsupported(`this host reads DynamoDB streams and SQS queues, not ${arn}`)
}

function idOf(name: string): string {
  const hash = createHash("sha256").update(name).digest("hex")
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join("-")
}
