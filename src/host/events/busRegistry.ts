import { AwsError, type Host, type Json, type JsonObject } from "../host.ts"
import { parseScheduleExpression } from "../scheduler/expression.ts"
import { compilePattern } from "./pattern.ts"
import type { EventBus, Rule, RuleDefinition, Target } from "./rule.ts"
import { checkTarget } from "./targetCheck.ts"

/** The account's buses with their rules. */
export interface BusRegistry {
  readonly buses: ReadonlyMap<string, EventBus>
  /** By name or ARN; undefined when there is none. */
  find(nameOrArn: string | undefined): EventBus | undefined
  /** By name or ARN; throws ResourceNotFoundException. */
  bus(nameOrArn: string | undefined): EventBus
  rule(name: string, bus: string | undefined): Rule
  addBus(name: string, description?: string): EventBus
  deleteBus(name: string): void
  /** Checks and installs a rule in place of one of the same name. */
  putRule(definition: RuleDefinition): Rule
  deleteRule(rule: Rule): void
  /** Calls back for each rule that was put or deleted. */
  onChange(listener: (rule: Rule) => void): void
}

const patternMax = 4_096

export function createBusRegistry(host: Host): BusRegistry {
  const buses = new Map<string, EventBus>()
  const listeners: ((rule: Rule) => void)[] = []

  const registry: BusRegistry = {
    buses,
    find: nameOrArn => buses.get(busName(nameOrArn)),
    bus: nameOrArn => registry.find(nameOrArn) ?? missing(`Event bus ${busName(nameOrArn)} does not exist.`),
    rule: (name, bus) => {
      const found = registry.bus(bus)
      return found.rules.get(name) ?? missing(`Rule ${name} does not exist on EventBus ${found.name}.`)
    },
    addBus: (name, description) => {
      const arn = `arn:aws:events:${host.region}:${host.accountId}:event-bus/${name}`
      const rules = buses.get(name)?.rules ?? new Map<string, Rule>()
      const bus: EventBus = { name, arn, policy: buses.get(name)?.policy, rules, ...(description && { description }) }
      buses.set(name, bus)
      return bus
    },
    deleteBus: name => {
      if (name === "default") throw invalid("Cannot delete event bus default.")
      buses.delete(name)
    },
    putRule: definition => {
      const bus = registry.bus(definition.bus)
      const rule = compileRule(host, definition, bus)
      bus.rules.set(rule.name, rule)
      for (const listener of listeners) listener(rule)
      return rule
    },
    deleteRule: rule => {
      registry.bus(rule.bus).rules.delete(rule.name)
      for (const listener of listeners) listener(rule)
    },
    onChange: listener => listeners.push(listener),
  }
  registry.addBus("default")
  return registry
}

/** Name of a bus given by name or ARN; the default bus when nothing is given. */
export function busName(nameOrArn: string | undefined): string {
  return nameOrArn === undefined || nameOrArn === "" ? "default" : (nameOrArn.split("event-bus/").at(-1) ?? nameOrArn)
}

/** The policy with one more statement, in place of one with the same Sid. */
export function withStatement(policy: JsonObject | undefined, statement: JsonObject): JsonObject {
  const statements: Json[] = Array.isArray(policy?.Statement) ? policy.Statement : []
  const others = statements.filter(
    other => typeof other !== "object" || other === null || Array.isArray(other) || other.Sid !== statement.Sid,
  )
  return { Version: "2012-10-17", Statement: [...others, statement] }
}

function compileRule(host: Host, definition: RuleDefinition, bus: EventBus): Rule {
  const { pattern, scheduleExpression } = definition
  if (pattern === undefined && scheduleExpression === undefined) {
    throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
  }
  if (pattern !== undefined && pattern.length > patternMax) {
    throw new AwsError("InvalidEventPatternException", `Event pattern is not valid. Reason: longer than ${patternMax}`)
  }
  if (scheduleExpression !== undefined && bus.name !== "default") {
    throw invalid("ScheduleExpression is supported only on the default event bus.")
  }
  const schedule = scheduleExpression === undefined ? undefined : scheduleOf(scheduleExpression)
  for (const target of definition.targets) checkTarget(target)
  checkCount(definition.targets)
  const path = bus.name === "default" ? definition.name : `${bus.name}/${definition.name}`
  return {
    ...definition,
    bus: bus.name,
    arn: `arn:aws:events:${host.region}:${host.accountId}:rule/${path}`,
    ...(pattern !== undefined && { matches: compilePattern(pattern) }),
    ...(schedule && { schedule }),
  }
}

function scheduleOf(text: string) {
  const schedule = parseScheduleExpression(text)
  if (!schedule || schedule.kind === "at") throw invalid("Parameter ScheduleExpression is not valid.")
  return schedule
}

function checkCount(targets: readonly Target[]): void {
  if (targets.length <= 5) return
  throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
}

function missing(message: string): never {
  throw new AwsError("ResourceNotFoundException", message)
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message)
}
