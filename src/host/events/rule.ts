import type { JsonObject } from "../host.ts"
import type { ScheduleExpression } from "../scheduler/expression.ts"
import type { EventPredicate } from "./pattern.ts"

/** A target of a rule as CloudFormation and PutTargets spell it. */
export interface Target {
  readonly Id: string
  readonly Arn: string
  readonly RoleArn?: string
  readonly Input?: string
  readonly InputPath?: string
  readonly InputTransformer?: { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string }
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number }
  readonly DeadLetterConfig?: { readonly Arn?: string }
  readonly SqsParameters?: { readonly MessageGroupId?: string }
  readonly AppSyncParameters?: { readonly GraphQLOperation?: string }
}

/** What PutRule and AWS::Events::Rule define. */
export interface RuleDefinition {
  readonly name: string
  readonly bus: string
  readonly pattern?: string
  readonly scheduleExpression?: string
  readonly state: "ENABLED" | "DISABLED"
  readonly description?: string
  readonly roleArn?: string
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
