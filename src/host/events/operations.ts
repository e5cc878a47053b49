import { z } from "zod"
import { patternConstraint } from "../constraints.ts"
import { AwsError, type BusEntry, type Host, type Json, type JsonObject, type Principal } from "../host.ts"
import { archiveOperations } from "./archiveOperations.ts"
import { type BusRegistry, busName, withStatement } from "./busRegistry.ts"
import type { EventsParts, Operation } from "./eventsParts.ts"
import { readInput } from "./input.ts"
import { matches } from "./pattern.ts"
import { checkRequest } from "./putEvents.ts"
import type { EventBus } from "./rule.ts"
import { ruleOperations } from "./ruleOperations.ts"

const PutEventsInput = z.object({
  Entries: z.array(
    z.object({
      Time: z.number().optional(),
      Source: z.string().optional(),
      Resources: z.array(z.string()).optional(),
      DetailType: z.string().optional(),
      Detail: z.string().optional(),
      EventBusName: z.string().optional(),
    }),
  ),
})
const EventBusInput = z.object({ Name: z.string().optional(), Description: z.string().optional() })
const NewBusInput = z.object({
  Name: z
    .string()
    .max(256)
    .regex(/^[/.\-_A-Za-z0-9]+$/, patternConstraint("[/\\.\\-_A-Za-z0-9]+")),
  Description: z.string().max(512).optional(),
})
const ListInput = z.object({ NamePrefix: z.string().optional() })
const PatternInput = z.object({ EventPattern: z.string(), Event: z.string() })
const PermissionInput = z.object({
  EventBusName: z.string().optional(),
  Policy: z.string().optional(),
  StatementId: z.string().optional(),
  Principal: z.string().optional(),
  Action: z.string().optional(),
})

/** EventBridge's calls by name. */
export function eventOperations(parts: EventsParts): Readonly<Record<string, Operation>> {
  return { ...busOperations(parts), ...ruleOperations(parts), ...archiveOperations(parts) }
}

function busOperations({ host, registry, put, madeByCalls }: EventsParts): Record<string, Operation> {
  return {
    PutEvents: (input, principal) => {
      const entries = readInput(PutEventsInput, input).Entries.map(toBusEntry)
      checkRequest(entries)
      for (const entry of entries) authorizePut(host, registry, principal, entry)
      const results = put(entries, undefined, principal)
      return { FailedEntryCount: results.filter(result => "ErrorCode" in result).length, Entries: results }
    },
    TestEventPattern: input => {
      const { EventPattern, Event } = readInput(PatternInput, input)
      return { Result: matches(EventPattern, parseEvent(Event)) }
    },
    CreateEventBus: (input, principal) => {
      const { Name, Description } = readInput(NewBusInput, input)
      host.iam.authorize(principal, "events:CreateEventBus", registryArn(host, Name))
      if (Name.includes("/")) throw new AwsError("ValidationException", "Event bus name must not contain '/'.")
      if (registry.find(Name)) {
        throw new AwsError("ResourceAlreadyExistsException", `Event bus ${Name} already exists.`)
      }
      const bus = registry.addBus(Name, Description)
      madeByCalls.set(`bus|${Name}`, JSON.stringify({ name: Name, description: Description }))
      return { EventBusArn: bus.arn, ...(Description !== undefined && { Description }) }
    },
    DeleteEventBus: (input, principal) => {
      const { Name = "" } = readInput(EventBusInput, input)
      host.iam.authorize(principal, "events:DeleteEventBus", registryArn(host, Name))
      registry.deleteBus(Name)
      madeByCalls.delete(`bus|${Name}`)
      return {}
    },
    DescribeEventBus: (input, principal) => {
      const bus = registry.bus(readInput(EventBusInput, input).Name)
      host.iam.authorize(principal, "events:DescribeEventBus", bus.arn)
      return describeBus(bus)
    },
    ListEventBuses: input => {
      const { NamePrefix = "" } = readInput(ListInput, input)
      const buses = [...registry.buses.values()].filter(({ name }) => name.startsWith(NamePrefix))
      return { EventBuses: buses.map(describeBus) }
    },
    PutPermission: (input, principal) => {
      const { EventBusName, Policy, StatementId, ...given } = readInput(PermissionInput, input)
      const bus = registry.bus(EventBusName)
      host.iam.authorize(principal, "events:PutPermission", bus.arn)
      if (Policy !== undefined) bus.policy = JSON.parse(Policy)
      else {
        const who = given.Principal === "*" ? "*" : { AWS: `arn:aws:iam::${given.Principal}:root` }
        bus.policy = withStatement(bus.policy, {
          Sid: StatementId ?? "",
          Effect: "Allow",
          Principal: who,
          Action: given.Action ?? "events:PutEvents",
          Resource: bus.arn,
        })
      }
      return {}
    },
  }
}

function toBusEntry(entry: z.infer<typeof PutEventsInput>["Entries"][number]): BusEntry {
  const { Time, Source, Resources, DetailType, Detail, EventBusName } = entry
  return {
    ...(Time !== undefined && { time: new Date(Time * 1_000).toISOString() }),
    ...(Source !== undefined && { source: Source }),
    ...(Resources && { resources: Resources }),
    ...(DetailType !== undefined && { detailType: DetailType }),
    ...(Detail !== undefined && { detail: Detail }),
    ...(EventBusName !== undefined && { bus: EventBusName }),
  }
}

/** An identity's own policy or the bus's policy is enough. */
function authorizePut(host: Host, registry: BusRegistry, principal: Principal, entry: BusEntry): void {
  const arn = registryArn(host, busName(entry.bus))
  const policy = registry.find(entry.bus)?.policy
  if (policy && host.iam.allowsByResourcePolicy(policy, { principal }, "events:PutEvents", arn)) return
  const { source = "", detailType = "" } = entry
  host.iam.authorize(principal, "events:PutEvents", arn, { "events:source": source, "events:detail-type": detailType })
}

function registryArn(host: Host, bus: string): string {
  return `arn:aws:events:${host.region}:${host.accountId}:event-bus/${bus}`
}

function describeBus({ name, arn, description, policy }: EventBus): JsonObject {
  return {
    Name: name,
    Arn: arn,
    ...(description !== undefined && { Description: description }),
    ...(policy && { Policy: JSON.stringify(policy) }),
  }
}

function parseEvent(text: string): JsonObject {
  const event = objectOf(text)
  if (!event) throw new AwsError("ValidationException", "Parameter Event is not valid.")
  const required = ["id", "account", "source", "time", "region", "resources", "detail-type"]
  const missing = required.find(field => !Object.hasOwn(event, field))
  if (missing !== undefined) {
    throw new AwsError("ValidationException", `Parameter Event is not valid. Reason: event must include ${missing}.`)
  }
  return event
}

function objectOf(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
