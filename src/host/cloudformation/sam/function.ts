import type { Json, JsonObject } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"
import type { EventTarget, Grant } from "./eventSource.ts"
import { addEvent } from "./events.ts"
import { allow, attribute, codeLocation, type Expansion, optional, picked, ref, roleOf } from "./expansion.ts"
import { readPolicies } from "./policyTemplates.ts"

const basicExecution = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"

const passedOn = [
  "Architectures",
  "Description",
  "Environment",
  "EphemeralStorage",
  "FunctionName",
  "Handler",
  "ImageConfig",
  "Layers",
  "LoggingConfig",
  "MemorySize",
  "PackageType",
  "ReservedConcurrentExecutions",
  "Runtime",
  "SnapStart",
  "Timeout",
  "VpcConfig",
]

/** `AWS::Serverless::Function`: the function, its role, and what its events, URL and alias need. */
export function expandFunction(expansion: Expansion): void {
  const { logicalId, properties, add } = expansion
  const granted = readPolicies(listOf(properties.Policies))
  const grant: Grant = (statements, attached = []) => {
    granted.statements.push(...statements)
    granted.attached.push(...attached)
  }
  const deadLetters = objectOf(properties.DeadLetterQueue)

  add(logicalId, "AWS::Lambda::Function", {
    ...picked(properties, passedOn),
    ...optional("KmsKeyArn", properties.KmsKeyArn),
    ...(deadLetters.TargetArn !== undefined && { DeadLetterConfig: { TargetArn: deadLetters.TargetArn } }),
    Code: codeOf(properties),
    Role: properties.Role ?? attribute(`${logicalId}Role`, "Arn"),
  })
  if (deadLetters.TargetArn !== undefined) grant([sendingTo(deadLetters.Type, deadLetters.TargetArn)])

  const target = targetOf(expansion)
  for (const [name, event] of Object.entries(objectOf(properties.Events)))
    addEvent(expansion, target, name, objectOf(event), grant)
  addInvokeConfig(expansion, grant)
  addUrl(expansion)

  if (properties.Role === undefined)
    add(`${logicalId}Role`, "AWS::IAM::Role", {
      ...roleOf("lambda", granted.statements, [basicExecution, ...granted.attached]),
      ...picked(
        properties,
        ["AssumeRolePolicyDocument", "PermissionsBoundary"].filter(name => properties[name] !== undefined),
      ),
    })
}

function codeOf(properties: JsonObject): JsonObject {
  if (properties.InlineCode !== undefined) return { ZipFile: properties.InlineCode }
  if (properties.ImageUri !== undefined) return { ImageUri: properties.ImageUri }
  return codeLocation(properties.CodeUri ?? ".")
}

/** Whom events invoke: the function, or its alias with `AutoPublishAlias`. */
function targetOf({ logicalId, properties, add, makes }: Expansion): EventTarget {
  const alias = properties.AutoPublishAlias
  if (alias === undefined) return { name: ref(logicalId), arn: attribute(logicalId, "Arn") }
  const version = `${logicalId}Version`
  const aliasId = `${logicalId}Alias${textOf(alias) ?? ""}`
  makes("Version", version)
  makes("Alias", aliasId)
  add(version, "AWS::Lambda::Version", { FunctionName: ref(logicalId) })
  add(aliasId, "AWS::Lambda::Alias", {
    FunctionName: ref(logicalId),
    Name: alias,
    FunctionVersion: attribute(version, "Version"),
  })
  return { name: ref(aliasId), arn: ref(aliasId) }
}

function addInvokeConfig({ logicalId, properties, add }: Expansion, grant: Grant): void {
  const config = objectOf(properties.EventInvokeConfig)
  if (Object.keys(config).length === 0) return
  const destinations = Object.entries(objectOf(config.DestinationConfig)).map(([kind, destination]) => {
    const { Type, Destination = null } = objectOf(destination)
    grant([sendingTo(Type, Destination)])
    return [kind, { Destination }]
  })
  add(`${logicalId}EventInvokeConfig`, "AWS::Lambda::EventInvokeConfig", {
    ...picked(config, ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"]),
    FunctionName: ref(logicalId),
    Qualifier: properties.AutoPublishAlias ?? "$LATEST",
    ...(destinations.length > 0 && { DestinationConfig: Object.fromEntries(destinations) }),
  })
}

function addUrl({ logicalId, properties, add }: Expansion): void {
  const config = objectOf(properties.FunctionUrlConfig)
  if (config.AuthType === undefined) return
  add(`${logicalId}Url`, "AWS::Lambda::Url", {
    ...picked(config, ["AuthType", "Cors", "InvokeMode"]),
    TargetFunctionArn: ref(logicalId),
    ...optional("Qualifier", properties.AutoPublishAlias),
  })
  if (config.AuthType !== "NONE") return
  const permission = { FunctionName: ref(logicalId), Principal: "*" }
  add(`${logicalId}UrlPublicPermissions`, "AWS::Lambda::Permission", {
    ...permission,
    Action: "lambda:InvokeFunctionUrl",
    FunctionUrlAuthType: "NONE",
  })
  add(`${logicalId}URLInvokeAllowPublicAccess`, "AWS::Lambda::Permission", {
    ...permission,
    Action: "lambda:InvokeFunction",
    InvokedViaFunctionUrl: true,
  })
}

const sendingActions: Record<string, string> = {
  SQS: "sqs:SendMessage",
  SNS: "sns:Publish",
  Lambda: "lambda:InvokeFunction",
  EventBridge: "events:PutEvents",
}

const sendingTo = (kind: Json | undefined, destination: Json): Json =>
  allow([sendingActions[String(kind)] ?? "sqs:SendMessage"], destination)
