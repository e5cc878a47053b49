import * as iam from "aws-cdk-lib/aws-iam"
import * as lambda from "aws-cdk-lib/aws-lambda"
import * as logs from "aws-cdk-lib/aws-logs"
import { Duration, RemovalPolicy } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import type { Access } from "./access.ts"
import { excuse } from "./excuse.ts"

/** What every function of the stack shares. */
export interface FunctionDefaults {
  /** Bundle of an entry `src/lambdas/<name>.lambda.ts`. */
  readonly code: (entry: string) => lambda.Code
  /** ARN of the queue for invocations that failed for good. */
  readonly deadLettersArn: string
}

export interface RoomFunctionProps {
  readonly defaults: FunctionDefaults
  /** Name of the entry. */
  readonly entry: string
  readonly description: string
  readonly access: readonly Access[]
  readonly environment?: Readonly<Record<string, string>>
  readonly timeout?: Duration
  /** Where failed asynchronous invocations go instead of the shared queue. */
  readonly deadLettersArn?: string
}

/** How often and how long Lambda retries an asynchronous invocation. */
const asyncRetries = { retryAttempts: 2, maxEventAge: Duration.hours(6) }

/** The newest Node runtime that the CDK knows. */
const newestNode = lambda.Runtime.ALL.filter(
  runtime => runtime.family === lambda.RuntimeFamily.NODEJS && !runtime.isVariable,
).reduce((newest, runtime) => (major(runtime) > major(newest) ? runtime : newest))

function major(runtime: lambda.Runtime) {
  return Number(/^nodejs(\d+)\.x$/.exec(runtime.name)?.[1] ?? 0)
}

/**
 * A function with the log group, retries and dead-letter target that all of them have. Its role allows `access`, its logs,
 * traces and dead letters, and no more.
 */
export class RoomFunction extends Construct {
  readonly function: lambda.Function
  /** ARN of the queue for what this function could not do. */
  readonly deadLettersArn: string

  constructor(scope: Construct, id: string, props: RoomFunctionProps) {
    super(scope, id)
    const { defaults, entry, access, description } = props
    this.deadLettersArn = props.deadLettersArn ?? defaults.deadLettersArn
    const logGroup = new logs.LogGroup(this, "Log", {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = roleOf(this, access, logGroup, this.deadLettersArn)
    this.function = new lambda.Function(this, "Function", {
      description,
      runtime: newestNode,
      architecture: lambda.Architecture.ARM_64,
      handler: "index.handler",
      code: defaults.code(entry),
      role: role.withoutPolicyUpdates(),
      memorySize: 512,
      timeout: props.timeout ?? Duration.seconds(30),
      tracing: lambda.Tracing.ACTIVE,
      logGroup,
      environment: {
        POWERTOOLS_SERVICE_NAME: entry,
        ...Object.assign({}, ...access.map(({ environment }) => environment)),
        ...props.environment,
      },
    })
    new lambda.EventInvokeConfig(this, "Async", {
      function: this.function,
      ...asyncRetries,
      onFailure: { bind: () => ({ destination: this.deadLettersArn }) },
    })
  }
}

function roleOf(
  scope: Construct,
  access: readonly Access[],
  logGroup: logs.LogGroup,
  deadLettersArn: string,
): iam.Role {
  const role = new iam.Role(scope, "Role", {
    assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
    inlinePolicies: {
      access: new iam.PolicyDocument({
        statements: [
          ...access.flatMap(({ statements }) => statements),
          new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [deadLettersArn] }),
          new iam.PolicyStatement({
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [logGroup.logGroupArn],
          }),
          new iam.PolicyStatement({
            actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
            resources: ["*"],
          }),
        ],
      }),
    },
  })
  excuse(role, "AwsSolutions-IAM5", "X-Ray has no resources to name.", ["Resource::*"])
  for (const { wildcard } of access)
    if (wildcard !== undefined) excuse(role, "AwsSolutions-IAM5", wildcard.reason, [wildcard.finding])
  return role
}
