import type { Statement } from "./policy.ts"

const streamReading = [
  "dynamodb:DescribeStream",
  "dynamodb:GetRecords",
  "dynamodb:GetShardIterator",
  "dynamodb:ListStreams",
]
const logWriting = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
const networking = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
]
const tracing = [
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:GetSamplingStatisticSummaries",
]
const queueReading = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]

/** Actions of the policies of AWS's own that CDK and people attach, by the last part of the ARN. */
const actionsByPolicy: Record<string, readonly string[]> = {
  AWSLambdaBasicExecutionRole: logWriting,
  AWSLambdaVPCAccessExecutionRole: [...logWriting, ...networking],
  AWSLambdaDynamoDBExecutionRole: [...streamReading, ...logWriting],
  AWSLambdaSQSQueueExecutionRole: [...queueReading, ...logWriting],
  AWSLambdaRole: ["lambda:InvokeFunction"],
  "AWSLambdaInvocation-DynamoDB": ["lambda:InvokeFunction", ...streamReading],
  AWSXRayDaemonWriteAccess: tracing,
  AWSXrayWriteOnlyAccess: tracing,
  AWSAppSyncPushToCloudWatchLogs: logWriting,
  AWSAppSyncInvokeFullAccess: ["appsync:GraphQL", "appsync:GetGraphqlApi", "appsync:ListGraphqlApis"],
  CloudWatchLambdaInsightsExecutionRolePolicy: logWriting,
  AmazonDynamoDBFullAccess: ["dynamodb:*", ...streamReading, "lambda:*EventSourceMapping*"],
  AmazonDynamoDBReadOnlyAccess: [
    "dynamodb:BatchGet*",
    "dynamodb:Describe*",
    "dynamodb:Get*",
    "dynamodb:List*",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:PartiQLSelect",
  ],
  AmazonS3FullAccess: ["s3:*"],
  AmazonS3ReadOnlyAccess: ["s3:Get*", "s3:List*", "s3:Describe*"],
  AmazonSQSFullAccess: ["sqs:*"],
  AmazonSNSFullAccess: ["sns:*"],
  AmazonSESFullAccess: ["ses:*"],
  AmazonSSMReadOnlyAccess: ["ssm:Describe*", "ssm:Get*", "ssm:List*"],
  AmazonEventBridgeFullAccess: ["events:*", "schemas:*", "scheduler:*", "pipes:*"],
  AWSStepFunctionsFullAccess: ["states:*"],
  AWSStepFunctionsReadOnlyAccess: ["states:List*", "states:Describe*", "states:Get*"],
  AWSLambda_FullAccess: ["lambda:*", "logs:*", "xray:*"],
  AWSKeyManagementServicePowerUser: ["kms:CreateAlias", "kms:CreateKey", "kms:Describe*", "kms:List*"],
  SecretsManagerReadWrite: ["secretsmanager:*"],
  CloudWatchFullAccess: ["cloudwatch:*", "logs:*"],
  AdministratorAccess: ["*"],
  PowerUserAccess: ["*"],
}

/** The statements of a policy of AWS's own (`arn:aws:iam::aws:policy/…`), or undefined when the host does not know it. */
export function awsManagedPolicy(arn: string): Statement[] | undefined {
  const actions = actionsByPolicy[arn.slice(arn.lastIndexOf("/") + 1)]
  if (actions === undefined) return undefined
  return [
    {
      sid: undefined,
      effect: "Allow",
      actions,
      notActions: undefined,
      resources: ["*"],
      notResources: undefined,
      principal: undefined,
      notPrincipal: undefined,
      conditions: undefined,
    },
  ]
}
