import { z } from "zod"
import type { JsonObject } from "../host.ts"
import { AwsError } from "../host.ts"
import type { EventsParts, Operation } from "./eventsParts.ts"
import { readInput } from "./input.ts"
import { Name, type Rule, type RuleDefinition, Target } from "./rule.ts"

const RuleName = z.object({ Name: z.string(), EventBusName: z.string().optional() })
const TargetsOf = z.object({ Rule: z.string(), EventBusName: z.string().optional() })
const unlessEmpty = (text: string): string | undefined => (text === "" ? undefined : text)
const PutRuleInput = RuleName.extend({
  Name,
  EventPattern: z.string().max(4096).transform(unlessEmpty).optional(),
  ScheduleExpression: z.string().max(256).transform(unlessEmpty).optional(),
  State: z.enum(["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]).optional(),
  Description: z.string().max(512).optional(),
  RoleArn: z.string().optional(),
})
const PutTargetsInput = TargetsOf.extend({ Targets: z.array(Target).min(1).max(100) })
const RemoveTargetsInput = TargetsOf.extend({ Ids: z.array(z.string()).min(1).max(100) })
const NamesByTargetInput = z.object({ TargetArn: z.string(), EventBusName: z.string().optional() })
const ListRulesInput = z.object({ NamePrefix: z.string().optional(), EventBusName: z.string().optional() })

/** The calls on rules and their targets. What they define outlives a restart. */
export function ruleOperations({ host, registry, madeByCalls }: EventsParts): Record<string, Operation> {
  const define = (definition: RuleDefinition): Rule => {
    const rule = registry.putRule(definition)
    const { arn: _arn, matches: _matches, schedule: _schedule, ...kept } = rule
    if (rule.origin === "call") madeByCalls.set(`rule|${rule.bus}|${rule.name}`, JSON.stringify(kept))
    return rule
  }
  const found = (name: string, bus: string | undefined, action: string, principal: Parameters<Operation>[1]): Rule => {
    const rule = registry.rule(name, bus)
    host.iam.authorize(principal, `events:${action}`, rule.arn)
    return rule
  }

  return {
    PutRule: (input, principal) => {
      const { Name, EventBusName, ...given } = readInput(PutRuleInput, input)
      const bus = registry.bus(EventBusName)
      const path = bus.name === "default" ? Name : `${bus.name}/${Name}`
      host.iam.authorize(principal, "events:PutRule", `arn:aws:events:${host.region}:${host.accountId}:rule/${path}`)
      const rule = define({
        name: Name,
        bus: bus.name,
        origin: bus.rules.get(Name)?.origin ?? "call",
        pattern: given.EventPattern,
        scheduleExpression: given.ScheduleExpression,
        state: given.State === "DISABLED" ? "DISABLED" : "ENABLED",
        description: given.Description,
        roleArn: given.RoleArn,
        targets: bus.rules.get(Name)?.targets ?? [],
      })
      return { RuleArn: rule.arn }
    },
    PutTargets: (input, principal) => {
      const { Rule, EventBusName, Targets } = readInput(PutTargetsInput, input)
      const rule = found(Rule, EventBusName, "PutTargets", principal)
      const ids = new Set(Targets.map(({ Id }) => Id))
      define({ ...rule, targets: [...rule.targets.filter(({ Id }) => !ids.has(Id)), ...Targets] })
      return { FailedEntryCount: 0, FailedEntries: [] }
    },
    RemoveTargets: (input, principal) => {
      const { Rule, EventBusName, Ids } = readInput(RemoveTargetsInput, input)
      const rule = found(Rule, EventBusName, "RemoveTargets", principal)
      const unknown = Ids.filter(id => !rule.targets.some(({ Id }) => Id === id))
      define({ ...rule, targets: rule.targets.filter(({ Id }) => !Ids.includes(Id)) })
      return {
        FailedEntryCount: unknown.length,
        FailedEntries: unknown.map(TargetId => ({
          TargetId,
          ErrorCode: "ResourceNotFoundException",
          ErrorMessage: `Rule ${Rule} does not have a target with the Id ${TargetId}.`,
        })),
      }
    },
    DeleteRule: (input, principal) => {
      const { Name, EventBusName } = readInput(RuleName, input)
      const bus = registry.bus(EventBusName)
      if (!bus.rules.has(Name)) return {}
      const rule = found(Name, EventBusName, "DeleteRule", principal)
      if (rule.targets.length > 0) {
        throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.")
      }
      registry.deleteRule(rule)
      madeByCalls.delete(`rule|${rule.bus}|${rule.name}`)
      return {}
    },
    EnableRule: (input, principal) => {
      const { Name, EventBusName } = readInput(RuleName, input)
      define({ ...found(Name, EventBusName, "EnableRule", principal), state: "ENABLED" })
      return {}
    },
    DisableRule: (input, principal) => {
      const { Name, EventBusName } = readInput(RuleName, input)
      define({ ...found(Name, EventBusName, "DisableRule", principal), state: "DISABLED" })
      return {}
    },
    DescribeRule: (input, principal) => {
      const { Name, EventBusName } = readInput(RuleName, input)
      return describeRule(found(Name, EventBusName, "DescribeRule", principal))
    },
    ListRules: input => {
      const { NamePrefix = "", EventBusName } = readInput(ListRulesInput, input)
      const rules = [...registry.bus(EventBusName).rules.values()]
      return { Rules: rules.filter(({ name }) => name.startsWith(NamePrefix)).map(describeRule) }
    },
    ListRuleNamesByTarget: input => {
      const { TargetArn, EventBusName } = readInput(NamesByTargetInput, input)
      const rules = [...registry.bus(EventBusName).rules.values()]
      return {
        RuleNames: rules.filter(({ targets }) => targets.some(({ Arn }) => Arn === TargetArn)).map(({ name }) => name),
      }
    },
    ListTargetsByRule: (input, principal) => {
      const { Rule, EventBusName } = readInput(TargetsOf, input)
      const rule = found(Rule, EventBusName, "ListTargetsByRule", principal)
      return { Targets: JSON.parse(JSON.stringify(rule.targets)) }
    },
  }
}

function describeRule(rule: Rule): JsonObject {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.bus,
    State: rule.state,
    ...(rule.pattern !== undefined && { EventPattern: rule.pattern }),
    ...(rule.scheduleExpression !== undefined && { ScheduleExpression: rule.scheduleExpression }),
    ...(rule.description !== undefined && { Description: rule.description }),
    ...(rule.roleArn !== undefined && { RoleArn: rule.roleArn }),
  }
}
