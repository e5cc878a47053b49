import type { JsonObject } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"
import { addPermission, type EventSource, type EventTarget, type Grant } from "./eventSource.ts"
import { allow, attribute, type Expansion, optional, picked, roleOf } from "./expansion.ts"
import { addRoute } from "./httpApi.ts"
import { addRestRoute } from "./restApi.ts"

/** Adds what an entry of `Events` asks for. A kind that is not known here becomes a resource that is named as not supported. */
export function addEvent(
  expansion: Expansion,
  target: EventTarget,
  name: string,
  event: JsonObject,
  grant: Grant,
): void {
  const type = textOf(event.Type) ?? ""
  const id = `${expansion.logicalId}${name}`
  const add = kinds[type]
  if (add === undefined) expansion.add(id, `AWS::Serverless::Function.Events.${type}`, {})
  else add({ expansion, target, id, properties: objectOf(event.Properties), grant })
}

const mappingProperties = [
  "BatchSize",
  "BisectBatchOnFunctionError",
  "Enabled",
  "FilterCriteria",
  "FunctionResponseTypes",
  "MaximumBatchingWindowInSeconds",
  "MaximumRecordAgeInSeconds",
  "MaximumRetryAttempts",
  "ParallelizationFactor",
  "ScalingConfig",
  "StartingPosition",
  "TumblingWindowInSeconds",
]

/** An event source mapping, which reads with the function's role. */
const mapped =
  (source: string, policy: string) =>
  ({ expansion, target, id, properties, grant }: EventSource): void => {
    const { Type, Destination } = objectOf(objectOf(properties.DestinationConfig).OnFailure)
    if (Destination !== undefined) grant([allow([Type === "SNS" ? "sns:Publish" : "sqs:SendMessage"], Destination)])
    grant([], [`arn:aws:iam::aws:policy/service-role/${policy}`])
    expansion.add(id, "AWS::Lambda::EventSourceMapping", {
      ...picked(properties, mappingProperties),
      EventSourceArn: properties[source] ?? null,
      FunctionName: target.name,
      ...(Destination !== undefined && { DestinationConfig: { OnFailure: { Destination } } }),
    })
  }

/** `State` of a rule or schedule, from `State` or `Enabled`. */
export const stateOf = ({ State, Enabled }: JsonObject): JsonObject =>
  optional("State", State ?? (Enabled === undefined ? undefined : String(Enabled) === "false" ? "DISABLED" : "ENABLED"))

/** Where a rule or schedule sends what nobody took. */
export const deadLettersOf = ({ DeadLetterConfig }: JsonObject): JsonObject => {
  const { Arn } = objectOf(DeadLetterConfig)
  return Arn === undefined ? {} : { DeadLetterConfig: { Arn } }
}

/** A rule of EventBridge with the function as its target. */
function addRule(source: EventSource, rule: JsonObject): void {
  const { expansion, target, id, properties } = source
  const shaping = picked(properties, ["Input", "InputPath", "InputTransformer", "RetryPolicy"])
  const targetId = objectOf(properties.Target).Id ?? `${id}LambdaTarget`
  expansion.add(id, "AWS::Events::Rule", {
    ...rule,
    ...optional("Name", properties.Name ?? properties.RuleName),
    ...stateOf(properties),
    Targets: [{ Arn: target.arn, Id: targetId, ...shaping, ...deadLettersOf(properties) }],
  })
  addPermission(source, "events", attribute(id, "Arn"))
}

const addPatternRule = (source: EventSource): void =>
  addRule(source, {
    EventPattern: source.properties.Pattern ?? null,
    ...optional("EventBusName", source.properties.EventBusName),
  })

function addSchedule({ expansion, target, id, properties }: EventSource): void {
  expansion.add(id, "AWS::Scheduler::Schedule", {
    ...picked(properties, [
      "Description",
      "EndDate",
      "GroupName",
      "Name",
      "ScheduleExpression",
      "ScheduleExpressionTimezone",
      "StartDate",
    ]),
    ...stateOf(properties),
    FlexibleTimeWindow: properties.FlexibleTimeWindow ?? { Mode: "OFF" },
    Target: {
      Arn: target.arn,
      RoleArn: properties.RoleArn ?? attribute(`${id}Role`, "Arn"),
      ...picked(properties, ["Input", "RetryPolicy"]),
      ...deadLettersOf(properties),
    },
  })
  if (properties.RoleArn === undefined) {
    const { Arn } = objectOf(properties.DeadLetterConfig)
    const statements = [allow(["lambda:InvokeFunction"], target.arn)]
    if (Arn !== undefined) statements.push(allow(["sqs:SendMessage"], Arn))
    expansion.add(`${id}Role`, "AWS::IAM::Role", roleOf("scheduler", statements))
  }
}

function addTopic(source: EventSource): void {
  const { expansion, target, id, properties } = source
  expansion.add(id, "AWS::SNS::Subscription", {
    ...picked(properties, ["FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "Region"]),
    TopicArn: properties.Topic ?? null,
    Protocol: "lambda",
    Endpoint: target.arn,
  })
  addPermission(source, "sns", properties.Topic)
}

function addUserPoolTrigger(source: EventSource): void {
  const { expansion, target, properties } = source
  const pool = expansion.referred(properties.UserPool)
  if (pool === undefined) throw new Error(`${source.id}: its UserPool must be a Ref to a pool of the same template`)
  const triggers = listOf(properties.Trigger).map(trigger => [String(trigger), target.arn])
  pool.LambdaConfig = { ...objectOf(pool.LambdaConfig), ...Object.fromEntries(triggers) }
  addPermission(source, "cognito-idp")
}

function addBucketNotification(source: EventSource): void {
  const { expansion, target, properties } = source
  const bucket = expansion.referred(properties.Bucket)
  if (bucket === undefined) throw new Error(`${source.id}: its Bucket must be a Ref to a bucket of the same template`)
  const notifications = objectOf(bucket.NotificationConfiguration)
  const added = listOf(properties.Events).map(event => ({ Event: event, Function: target.arn }))
  const LambdaConfigurations = [...listOf(notifications.LambdaConfigurations), ...added]
  bucket.NotificationConfiguration = { ...notifications, LambdaConfigurations }
  addPermission(source, "s3")
}

const kinds: Record<string, (source: EventSource) => void> = {
  SQS: mapped("Queue", "AWSLambdaSQSQueueExecutionRole"),
  DynamoDB: mapped("Stream", "AWSLambdaDynamoDBExecutionRole"),
  Schedule: source =>
    addRule(source, {
      ScheduleExpression: source.properties.Schedule ?? null,
      ...optional("Description", source.properties.Description),
    }),
  ScheduleV2: addSchedule,
  EventBridgeRule: addPatternRule,
  CloudWatchEvent: addPatternRule,
  SNS: addTopic,
  Cognito: addUserPoolTrigger,
  S3: addBucketNotification,
  HttpApi: addRoute,
  Api: addRestRoute,
}
