import type { JsonObject } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"
import { deadLettersOf, stateOf } from "./events.ts"
import { allow, attribute, codeLocation, type Expansion, optional, picked, ref, roleOf } from "./expansion.ts"
import { readPolicies } from "./policyTemplates.ts"

/** `AWS::Serverless::StateMachine`: the state machine, its role, its alias, and what its events need. */
export function expandStateMachine(expansion: Expansion): void {
  const { logicalId, properties, add } = expansion
  add(logicalId, "AWS::StepFunctions::StateMachine", {
    ...definitionOf(properties),
    ...picked(properties, ["DefinitionSubstitutions"]),
    ...optional("StateMachineName", properties.Name),
    ...optional("StateMachineType", properties.Type),
    ...optional("LoggingConfiguration", properties.Logging),
    ...optional("TracingConfiguration", properties.Tracing),
    RoleArn: properties.Role ?? attribute(`${logicalId}Role`, "Arn"),
  })
  if (properties.Role === undefined) {
    const { statements, attached } = readPolicies(listOf(properties.Policies))
    add(`${logicalId}Role`, "AWS::IAM::Role", roleOf("states", statements, attached))
  }
  const target = targetOf(expansion)
  for (const [name, event] of Object.entries(objectOf(properties.Events)))
    addEvent(expansion, target, `${logicalId}${name}`, objectOf(event))
}

function definitionOf({ Definition, DefinitionUri }: JsonObject): JsonObject {
  if (Definition !== undefined) return { Definition }
  const { S3Bucket = "", S3Key = "" } = codeLocation(DefinitionUri)
  return { DefinitionS3Location: { Bucket: S3Bucket, Key: S3Key } }
}

/** Whom events start: the state machine, or its alias with `UseAliasAsEventTarget`. */
function targetOf({ logicalId, properties, add }: Expansion): JsonObject {
  const { AutoPublishAlias: alias, UseAliasAsEventTarget: usesAlias } = properties
  if (alias === undefined) return ref(logicalId)
  const aliasId = `${logicalId}Alias${textOf(alias) ?? ""}`
  add(`${logicalId}Version`, "AWS::StepFunctions::StateMachineVersion", { StateMachineArn: ref(logicalId) })
  add(aliasId, "AWS::StepFunctions::StateMachineAlias", {
    Name: alias,
    DeploymentPreference: { StateMachineVersionArn: ref(`${logicalId}Version`), Type: "ALL_AT_ONCE" },
  })
  return String(usesAlias) === "true" ? ref(aliasId) : ref(logicalId)
}

/** A rule or a schedule with a role that may start the state machine; any other kind becomes a resource that is named as not supported. */
function addEvent({ add }: Expansion, target: JsonObject, id: string, event: JsonObject): void {
  const type = textOf(event.Type) ?? ""
  const properties = objectOf(event.Properties)
  const deadLetters = deadLettersOf(properties)
  const RoleArn = properties.RoleArn ?? attribute(`${id}Role`, "Arn")
  const addRole = (service: string) => {
    const start = allow(["states:StartExecution"], target)
    if (properties.RoleArn === undefined) add(`${id}Role`, "AWS::IAM::Role", roleOf(service, [start]))
  }
  const addRule = (rule: JsonObject) => {
    const shaping = picked(properties, ["Input", "InputPath", "InputTransformer", "RetryPolicy"])
    const Id = objectOf(properties.Target).Id ?? `${id}StepFunctionsTarget`.slice(0, 64)
    add(id, "AWS::Events::Rule", {
      ...rule,
      ...optional("Name", properties.Name ?? properties.RuleName),
      ...stateOf(properties),
      Targets: [{ Arn: target, Id, RoleArn, ...shaping, ...deadLetters }],
    })
    addRole("events")
  }

  if (type === "Schedule")
    addRule({ ScheduleExpression: properties.Schedule ?? null, ...optional("Description", properties.Description) })
  else if (type === "EventBridgeRule" || type === "CloudWatchEvent")
    addRule({ EventPattern: properties.Pattern ?? null, ...optional("EventBusName", properties.EventBusName) })
  else if (type === "ScheduleV2") {
    add(id, "AWS::Scheduler::Schedule", {
      ...picked(properties, ["Description", "EndDate", "GroupName", "Name", "ScheduleExpression"]),
      ...picked(properties, ["ScheduleExpressionTimezone", "StartDate"]),
      ...stateOf(properties),
      FlexibleTimeWindow: properties.FlexibleTimeWindow ?? { Mode: "OFF" },
      Target: { Arn: target, RoleArn, ...picked(properties, ["Input", "RetryPolicy"]), ...deadLetters },
    })
    addRole("scheduler")
  } else add(id, `AWS::Serverless::StateMachine.Events.${type}`, {})
}
