import type { DurableMap } from "../durable.ts"
import { parseBody } from "../endpoint/operations.ts"
import type { AwsCall, BusEntry, EventBuses, Host, JsonObject, Principal, Service } from "../host.ts"
import { AwsError } from "../host.ts"
import { createApiDestinations } from "./apiDestinations.ts"
import { type ArchivedEvent, createArchives } from "./archive.ts"
import { type BusRegistry, createBusRegistry } from "./busRegistry.ts"
import { createDeliveries, type PendingDelivery } from "./delivery.ts"
import { createIngestFaults } from "./ingestFaults.ts"
import { eventOperations } from "./operations.ts"
import { acceptEntry, contentId, type EntryResult, envelope, sizeOf } from "./putEvents.ts"
import { createReplays } from "./replay.ts"
import { eventResources } from "./resources.ts"
import type { EventBus, RuleDefinition } from "./rule.ts"
import { createRuleSchedules } from "./ruleSchedules.ts"

/** A custom event is billed in steps of so many bytes [EventBridge pricing]. */
const billedStepBytes = 64 * 1024

/** EventBridge: buses, rules, targets, archives and replays. An event that was accepted reaches its targets or their dead-letter queues. */
export function createEventsService(host: Host): Service & EventBuses {
  const pending = host.durable<PendingDelivery>("events")
  const archived = host.durable<ArchivedEvent>("events.archive")
  const madeByCalls = host.durable<string>("events.definitions")
  const registry = createBusRegistry(host)
  const archives = createArchives(host, archived)
  const destinations = createApiDestinations(host)

  const publish = (bus: EventBus, event: JsonObject, onlyRules?: readonly string[]): void => {
    const messageId = contentId(event)
    archives.record(bus.arn, event)
    const rules = [...bus.rules.values()].filter(
      rule =>
        rule.state === "ENABLED" && rule.matches?.(event) && (onlyRules === undefined || onlyRules.includes(rule.arn)),
    )
    const to = rules.flatMap(rule => rule.targets.map(target => ({ rule, target })))
    deliveries.accept(event, messageId, to)
  }

  const deliveries = createDeliveries(host, pending, (bus, rule) => registry.find(bus)?.rules.get(rule), {
    forward: (busArn, event) => publish(registry.bus(busArn), event),
    callDestination: destinations.call,
  })
  const replays = createReplays(host, registry, archives, publish)
  const schedules = createRuleSchedules(host, registry, (rule, event) => {
    const to = rule.targets.map(target => ({ rule, target }))
    deliveries.accept(event, `${rule.name}|${event.time}`, to)
  })

  const failsByPlan = createIngestFaults(host)

  const put = (entries: readonly BusEntry[], defaultBus?: string, by?: Principal): EntryResult[] =>
    entries.map(entry => {
      const event = acceptEntry(host, entry)
      if ("ErrorCode" in event) return { ErrorCode: String(event.ErrorCode), ErrorMessage: String(event.ErrorMessage) }
      if (failsByPlan(event, by)) return { ErrorCode: "InternalFailure", ErrorMessage: "Internal failure." }
      host.meter?.("events.event", String(event.source), Math.ceil(sizeOf(entry) / billedStepBytes))
      // An entry for a bus that does not exist is accepted and dropped, as on AWS.
      const bus = registry.find(entry.bus ?? defaultBus)
      if (bus) publish(bus, event)
      return { EventId: String(event.id) }
    })

  const operations = eventOperations({ host, registry, archives, replays, put, madeByCalls })

  return {
    name: "events",
    signingNames: ["events"],
    put: async (entries, defaultBus) => put(entries, defaultBus),
    announce: (source, detailType, detail, resources) => {
      const bus = registry.find(undefined)
      if (bus) publish(bus, envelope(host, { source, detailType, resources }, detail))
    },
    handle: async (call: AwsCall) => {
      const name = call.operation ?? ""
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
      if (!operation) throw new AwsError("UnknownOperationException", `EventBridge on the local host has no ${name}.`)
      return { body: operation(parseBody(call), call.principal) }
    },
    resources: { ...eventResources(host, registry, archives), ...destinations.resources },
    start: () => {
      restore(registry, madeByCalls)
      deliveries.start()
      schedules.start()
    },
    stop: async () => {
      schedules.stop()
      deliveries.stop()
    },
  }
}

/** Buses first, then rules; a rule whose bus has gone is left out, and the template's own rules win. */
function restore(registry: BusRegistry, madeByCalls: DurableMap<string>): void {
  const made = [...madeByCalls.entries()]
  for (const [key, text] of made) {
    const bus: { name: string; description?: string } = JSON.parse(text)
    if (key.startsWith("bus|")) registry.addBus(bus.name, bus.description)
  }
  for (const [key, text] of made) {
    const definition: RuleDefinition = JSON.parse(text)
    const bus = registry.find(definition.bus)
    if (key.startsWith("rule|") && bus && !bus.rules.has(definition.name)) registry.putRule(definition)
  }
}
