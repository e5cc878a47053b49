import { z } from "zod"
import type { CreatedResource, Host, JsonObject, ResourceProvider } from "../host.ts"
import type { Archives } from "./archive.ts"
import { type BusRegistry, busName, withStatement } from "./busRegistry.ts"
import { readInput } from "./input.ts"
import { Target } from "./rule.ts"
import { targetKind } from "./targetCheck.ts"

const json = z.record(z.string(), z.json())
const EventBusProperties = z.object({ Name: z.string(), Description: z.string().optional(), Policy: json.optional() })
const PolicyProperties = z.object({
  EventBusName: z.string().optional(),
  StatementId: z.string(),
  Statement: json.optional(),
  Action: z.string().optional(),
  Principal: z.string().optional(),
})
const RuleProperties = z.object({
  Name: z.string().optional(),
  EventBusName: z.string().optional(),
  EventPattern: z.union([z.string(), json]).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.string().optional(),
  Description: z.string().optional(),
  RoleArn: z.string().optional(),
  Targets: z.array(Target).optional(),
})
const ArchiveProperties = z.object({
  ArchiveName: z.string().optional(),
  SourceArn: z.string(),
  EventPattern: z.union([z.string(), json]).optional(),
  RetentionDays: z.coerce.number().optional(),
  Description: z.string().optional(),
})

/** EventBridge's CloudFormation types. */
export function eventResources(
  host: Host,
  registry: BusRegistry,
  archives: Archives,
): Record<string, ResourceProvider> {
  return {
    "AWS::Events::EventBus": {
      honours: ["Name", "Description", "Policy"],
      indifferent: ["Tags", "KmsKeyIdentifier", "LogConfig"],
      create: ({ properties }) => {
        const { Name, Description, Policy } = readInput(EventBusProperties, properties)
        const bus = registry.addBus(Name, Description)
        if (Policy) bus.policy = Policy
        return { ref: Name, attributes: { Arn: bus.arn, Name, ...(bus.policy && { Policy: bus.policy }) } }
      },
    },
    "AWS::Events::EventBusPolicy": {
      honours: ["EventBusName", "StatementId", "Statement", "Action", "Principal"],
      create: ({ properties, physicalName }) => {
        const { EventBusName, StatementId, Statement, Action, Principal } = readInput(PolicyProperties, properties)
        const bus = registry.bus(EventBusName)
        const who = Principal === undefined || Principal === "*" ? "*" : { AWS: `arn:aws:iam::${Principal}:root` }
        const simple = { Effect: "Allow", Principal: who, Action: Action ?? "events:PutEvents", Resource: bus.arn }
        bus.policy = withStatement(bus.policy, { ...(Statement ?? simple), Sid: StatementId })
        return { ref: physicalName }
      },
    },
    "AWS::Events::Rule": {
      honours: [...Object.keys(RuleProperties.shape).filter(name => name !== "Targets"), ...targetProperties],
      indifferent: ["Tags"],
      create: ({ properties, physicalName }) => createRule(host, registry, properties, physicalName),
    },
    "AWS::Events::Archive": {
      honours: ["ArchiveName", "SourceArn", "EventPattern", "RetentionDays", "Description"],
      indifferent: ["KmsKeyIdentifier"],
      create: ({ properties, physicalName }) => {
        const given = readInput(ArchiveProperties, properties)
        const archive = archives.put({
          name: given.ArchiveName ?? physicalName,
          busArn: registry.bus(given.SourceArn).arn,
          pattern: patternText(given.EventPattern),
          description: given.Description,
          retentionDays: given.RetentionDays ?? 0,
        })
        return { ref: archive.name, attributes: { Arn: archive.arn, ArchiveName: archive.name } }
      },
    },
  }
}

const targetProperties = Object.keys(Target.shape).map(name => `Targets.${name}`)

function createRule(host: Host, registry: BusRegistry, properties: JsonObject, physicalName: string): CreatedResource {
  const given = readInput(RuleProperties, properties)
  const [reached, unreached] = [
    (given.Targets ?? []).filter(isReached),
    (given.Targets ?? []).filter(target => !isReached(target)),
  ]
  for (const { Arn } of unreached)
    host.log.warn(
      "events",
      `rule ${given.Name ?? physicalName}: this host does not deliver to ${Arn}, the target is left out`,
    )
  const rule = registry.putRule({
    name: given.Name ?? physicalName,
    bus: busName(given.EventBusName),
    origin: "template",
    pattern: patternText(given.EventPattern),
    scheduleExpression: given.ScheduleExpression,
    state: given.State === "DISABLED" ? "DISABLED" : "ENABLED",
    description: given.Description,
    roleArn: given.RoleArn,
    targets: reached,
  })
  return { ref: rule.bus === "default" ? rule.name : `${rule.bus}|${rule.name}`, attributes: { Arn: rule.arn } }
}

const isReached = ({ Arn }: Target): boolean => targetKind(Arn) !== undefined

function patternText(pattern: string | JsonObject | undefined): string | undefined {
  return typeof pattern === "object" ? JSON.stringify(pattern) : pattern
}
