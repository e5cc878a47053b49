/** A service that tasks call by its SDK client. */
export interface SdkService {
  /** How errors of `aws-sdk` tasks are named: the client of the SDK for Java. */
  readonly name: string
  load(): Promise<object>
  readonly client: string
  /** Members of its calls begin in lower case, those of tasks with a capital. */
  readonly isCamelCase?: boolean
}

/** What `aws-sdk:<service>` calls: the services that this host has, by their names in the SDK for Java. */
export const sdkServices: Readonly<Record<string, SdkService>> = {
  cloudwatchlogs: {
    name: "CloudWatchLogs",
    load: () => import("@aws-sdk/client-cloudwatch-logs"),
    client: "CloudWatchLogsClient",
    isCamelCase: true,
  },
  cognitoidentityprovider: {
    name: "CognitoIdentityProvider",
    load: () => import("@aws-sdk/client-cognito-identity-provider"),
    client: "CognitoIdentityProviderClient",
  },
  dynamodb: { name: "DynamoDb", load: () => import("@aws-sdk/client-dynamodb"), client: "DynamoDBClient" },
  eventbridge: { name: "EventBridge", load: () => import("@aws-sdk/client-eventbridge"), client: "EventBridgeClient" },
  kms: { name: "Kms", load: () => import("@aws-sdk/client-kms"), client: "KMSClient" },
  lambda: { name: "Lambda", load: () => import("@aws-sdk/client-lambda"), client: "LambdaClient" },
  s3: { name: "S3", load: () => import("@aws-sdk/client-s3"), client: "S3Client" },
  scheduler: { name: "Scheduler", load: () => import("@aws-sdk/client-scheduler"), client: "SchedulerClient" },
  secretsmanager: {
    name: "SecretsManager",
    load: () => import("@aws-sdk/client-secrets-manager"),
    client: "SecretsManagerClient",
  },
  ses: { name: "Ses", load: () => import("@aws-sdk/client-ses"), client: "SESClient" },
  sesv2: { name: "SesV2", load: () => import("@aws-sdk/client-sesv2"), client: "SESv2Client" },
  sfn: { name: "Sfn", load: () => import("@aws-sdk/client-sfn"), client: "SFNClient", isCamelCase: true },
  sns: { name: "Sns", load: () => import("@aws-sdk/client-sns"), client: "SNSClient" },
  sqs: { name: "Sqs", load: () => import("@aws-sdk/client-sqs"), client: "SQSClient" },
  ssm: { name: "Ssm", load: () => import("@aws-sdk/client-ssm"), client: "SSMClient" },
  sts: { name: "Sts", load: () => import("@aws-sdk/client-sts"), client: "STSClient" },
}

interface Optimized {
  readonly service: string
  readonly actions: readonly string[]
  readonly name: string
  /** What errors without a name of their own are called, a refusal of the role among them. */
  readonly base: string
  /** As causes name the service. */
  readonly inCause: string
}

/** Services with an integration of their own: `arn:aws:states:::dynamodb:putItem`. */
export const optimizedServices: Readonly<Record<string, Optimized>> = {
  dynamodb: {
    service: "dynamodb",
    actions: ["getItem", "putItem", "updateItem", "deleteItem"],
    name: "DynamoDB",
    base: "AmazonDynamoDBException",
    inCause: "AmazonDynamoDBv2",
  },
  events: {
    service: "eventbridge",
    actions: ["putEvents"],
    name: "EventBridge",
    base: "AmazonEventBridgeException",
    inCause: "AmazonEventBridge",
  },
  sns: { service: "sns", actions: ["publish"], name: "SNS", base: "AmazonSNSException", inCause: "AmazonSNS" },
  sqs: { service: "sqs", actions: ["sendMessage"], name: "SQS", base: "AmazonSQSException", inCause: "AmazonSQS" },
}
