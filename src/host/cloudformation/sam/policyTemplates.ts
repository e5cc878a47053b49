import type { Json, JsonObject } from "../../host.ts"
import { objectOf } from "../../json.ts"
import { allow, arn } from "./expansion.ts"

const tableReading = ["GetItem", "Scan", "Query", "BatchGetItem", "DescribeTable"]
const tableChanging = ["DeleteItem", "PutItem", "UpdateItem", "BatchWriteItem", "ConditionCheckItem"]

const onTable = (actions: readonly string[]) => (parameters: JsonObject) => {
  const variables = { name: parameters.TableName ?? null }
  const tables = [arn("dynamodb", `table/\${name}`, variables), arn("dynamodb", `table/\${name}/index/*`, variables)]
  return [
    allow(
      actions.map(action => `dynamodb:${action}`),
      tables,
    ),
  ]
}

const onBucket = (actions: readonly string[]) => (parameters: JsonObject) => {
  const bucket = (suffix: string) => ({
    "Fn::Sub": [`arn:\${AWS::Partition}:s3:::\${name}${suffix}`, { name: parameters.BucketName ?? null }],
  })
  return [
    allow(
      actions.map(action => `s3:${action}`),
      [bucket(""), bucket("/*")],
    ),
  ]
}

/** Statements on one resource: its ARN after the account, with `${name}` for the named parameter. */
const on =
  (service: string, resource: string, parameter: string, actions: readonly string[]) => (given: JsonObject) => [
    allow(
      actions.map(action => `${service}:${action}`),
      arn(service, resource, { name: given[parameter] ?? null }),
    ),
  ]

const anywhere = (actions: readonly string[]) => () => [allow(actions, "*")]

const bucketReading = ["GetObject", "ListBucket", "GetBucketLocation", "GetObjectVersion", "GetLifecycleConfiguration"]
const bucketWriting = ["PutObject", "PutObjectAcl", "PutLifecycleConfiguration"]
const queuePolling = [
  "ChangeMessageVisibility",
  "ChangeMessageVisibilityBatch",
  "DeleteMessage",
  "DeleteMessageBatch",
  "GetQueueAttributes",
  "ReceiveMessage",
]
const parameterReading = ["GetParameters", "GetParameter", "GetParametersByPath"]
const name = `\${name}`

/** Policy templates of the Serverless Application Model, by name: statements from parameters. */
const templates: Record<string, (parameters: JsonObject) => Json[]> = {
  DynamoDBCrudPolicy: onTable([...tableReading, ...tableChanging]),
  DynamoDBReadPolicy: onTable(tableReading),
  DynamoDBWritePolicy: onTable(["PutItem", "UpdateItem", "BatchWriteItem"]),
  DynamoDBStreamReadPolicy: ({ TableName = null, StreamName = null }) => [
    allow(
      ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
      arn("dynamodb", `table/\${table}/stream/\${stream}`, { table: TableName, stream: StreamName }),
    ),
    allow(["dynamodb:ListStreams"], arn("dynamodb", `table/\${table}/stream/*`, { table: TableName })),
  ],
  SQSSendMessagePolicy: on("sqs", name, "QueueName", ["SendMessage*"]),
  SQSPollerPolicy: on("sqs", name, "QueueName", queuePolling),
  SNSPublishMessagePolicy: on("sns", name, "TopicName", ["Publish"]),
  SNSCrudPolicy: on("sns", `${name}*`, "TopicName", [
    "ListSubscriptionsByTopic",
    "CreateTopic",
    "SetTopicAttributes",
    "Subscribe",
    "Publish",
  ]),
  LambdaInvokePolicy: on("lambda", `function:${name}*`, "FunctionName", ["InvokeFunction"]),
  EventBridgePutEventsPolicy: on("events", `event-bus/${name}`, "EventBusName", ["PutEvents"]),
  StepFunctionsExecutionPolicy: on("states", `stateMachine:${name}`, "StateMachineName", ["StartExecution"]),
  S3ReadPolicy: onBucket(bucketReading),
  S3WritePolicy: onBucket(bucketWriting),
  S3CrudPolicy: onBucket([...bucketReading, ...bucketWriting, "DeleteObject"]),
  S3FullAccessPolicy: onBucket([...bucketReading, ...bucketWriting, "GetObjectAcl", "DeleteObject", "*ObjectTagging"]),
  SSMParameterReadPolicy: parameters => [
    allow(["ssm:DescribeParameters"], "*"),
    ...on("ssm", `parameter/${name}`, "ParameterName", parameterReading)(parameters),
  ],
  SSMParameterWithSlashPrefixReadPolicy: parameters => [
    allow(["ssm:DescribeParameters"], "*"),
    ...on("ssm", `parameter${name}`, "ParameterName", parameterReading)(parameters),
  ],
  AWSSecretsManagerGetSecretValuePolicy: ({ SecretArn = null }) => [
    allow(["secretsmanager:GetSecretValue"], SecretArn),
  ],
  KMSDecryptPolicy: on("kms", `key/${name}`, "KeyId", ["Decrypt"]),
  KMSEncryptPolicy: on("kms", `key/${name}`, "KeyId", ["Encrypt"]),
  SESCrudPolicy: on("ses", `identity/${name}`, "IdentityName", [
    "GetIdentityVerificationAttributes",
    "SendEmail",
    "SendRawEmail",
    "VerifyEmailIdentity",
  ]),
  VPCAccessPolicy: anywhere(["ec2:*NetworkInterface*"]),
  CloudWatchPutMetricPolicy: anywhere(["cloudwatch:PutMetricData"]),
}

/** What `Policies` of a function grants: statements, and policies that are attached by ARN. */
export function readPolicies(policies: readonly Json[]): { statements: Json[]; attached: Json[] } {
  const statements: Json[] = []
  const attached: Json[] = []
  for (const policy of policies) {
    const members = objectOf(policy)
    const [template = "", ...others] = Object.keys(members)
    if (typeof policy === "string")
      attached.push(policy.startsWith("arn:") ? policy : `arn:aws:iam::aws:policy/${policy}`)
    else if (members.Statement !== undefined) statements.push(...[members.Statement].flat())
    else if (template === "Ref" || template.startsWith("Fn::")) attached.push(policy)
    else {
      const statementsOf = others.length > 0 ? undefined : templates[template]
      if (statementsOf === undefined)
        throw new Error(`the policy template ${Object.keys(members).join(", ")} is not known here: give its statements`)
      statements.push(...statementsOf(objectOf(members[template])))
    }
  }
  return { statements, attached }
}
