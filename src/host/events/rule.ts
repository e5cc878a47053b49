import { z } from "zod"
import { patternConstraint } from "../constraints.ts"
import type { JsonObject } from "../host.ts"
import type { ScheduleExpression } from "../scheduler/expression.ts"
import type { EventPredicate } from "./pattern.ts"

/** Names of rules and ids of targets. */
export const Name = z
  .string()
  .max(64)
  .regex(/^[.\-_A-Za-z0-9]+$/, patternConstraint("[\\.\\-_A-Za-z0-9]+"))

/** A target of a rule as CloudFormation and PutTargets spell it. */
export const Target = z.object({
  Id: Name,
  Arn: z.string(),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).optional(), InputTemplate: z.string() })
    .optional(),
  RetryPolicy: z
    .object({
      MaximumRetryAttempts: z.coerce.number().int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.coerce.number().int().min(60).max(86_400).optional(),
    })
    .optional(),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().optional() }).optional(),
  HttpParameters: z
    .object({
      PathParameterValues: z.array(z.string()).optional(),
      HeaderParameters: z.record(z.string(), z.string()).optional(),
      QueryStringParameters: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  AppSyncParameters: z.object({ GraphQLOperation: z.string().optional() }).optional(),
})
export type Target = z.infer<typeof Target>

/** What PutRule and AWS::Events::Rule define. */
export interface RuleDefinition {
  readonly name: string
  readonly bus: string
  readonly pattern?: string | undefined
  readonly scheduleExpression?: string | undefined
  /** What a template defines is defined again at each start; what a call made is kept. */
  readonly origin: "template" | "call"
  readonly state: "ENABLED" | "DISABLED"
  readonly description?: string | undefined
  readonly roleArn?: string | undefined
  readonly targets: readonly Target[]
}

/** A rule that is ready to match. */
export interface Rule extends RuleDefinition {
  readonly arn: string
  readonly matches?: EventPredicate
  readonly schedule?: ScheduleExpression
}

export interface EventBus {
  readonly name: string
  readonly arn: string
  readonly description?: string
  /** Resource policy: who beside the account's own identities may put events. */
  policy: JsonObject | undefined
  readonly rules: Map<string, Rule>
}
