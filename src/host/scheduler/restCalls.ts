import { z } from "zod"
import { parseBody } from "../endpoint/operations.ts"
import { readInput } from "../events/input.ts"
import { type AwsCall, AwsError, type Host, type JsonObject } from "../host.ts"
import { epochMs, type Schedule, ScheduleDefinition } from "./schedule.ts"
import type { ScheduleGroup, ScheduleStore } from "./scheduleStore.ts"

const pageMax = 100
const GroupInput = z.object({ Name: z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/) })

/** Answers Scheduler's REST calls: `/schedules/{Name}` and `/schedule-groups/{Name}`. */
export function answerCall(host: Host, store: ScheduleStore, call: AwsCall): JsonObject {
  const [collection, encodedName] = call.path.replace(/^\//, "").split("/")
  const name = encodedName === undefined || encodedName === "" ? undefined : decodeURIComponent(encodedName)
  if (collection === "schedules")
    return name === undefined ? listSchedules(host, store, call) : onSchedule(host, store, call, name)
  if (collection === "schedule-groups")
    return name === undefined ? listGroups(host, store, call) : onGroup(host, store, call, name)
  throw unknown(call)
}

function onSchedule(host: Host, store: ScheduleStore, call: AwsCall, name: string): JsonObject {
  const group = call.query.get("groupName") ?? undefined
  const authorize = (action: string, groupName = group ?? "default") =>
    host.iam.authorize(call.principal, `scheduler:${action}`, arn(host, "schedule", `${groupName}/${name}`))
  const definition = () => {
    const given = readInput(ScheduleDefinition, { ...parseBody(call), Name: name })
    authorize(call.method === "POST" ? "CreateSchedule" : "UpdateSchedule", given.GroupName)
    const service = { "iam:PassedToService": "scheduler.amazonaws.com" }
    host.iam.authorize(call.principal, "iam:PassRole", given.Target.RoleArn, service)
    return given
  }
  switch (call.method) {
    case "POST":
      return { ScheduleArn: store.create(definition()).arn }
    case "PUT":
      return { ScheduleArn: store.update(definition()).arn }
    case "GET":
      authorize("GetSchedule")
      return describe(store.get(name, group))
    case "DELETE":
      authorize("DeleteSchedule")
      store.delete(name, group)
      return {}
    default:
      throw unknown(call)
  }
}

function onGroup(host: Host, store: ScheduleStore, call: AwsCall, name: string): JsonObject {
  const authorize = (action: string) =>
    host.iam.authorize(call.principal, `scheduler:${action}ScheduleGroup`, arn(host, "schedule-group", name))
  switch (call.method) {
    case "POST":
      authorize("Create")
      return { ScheduleGroupArn: store.addGroup(readInput(GroupInput, { Name: name }).Name, false).arn }
    case "GET":
      authorize("Get")
      return describeGroup(store.group(name))
    case "DELETE":
      authorize("Delete")
      store.deleteGroup(name)
      return {}
    default:
      throw unknown(call)
  }
}

function listSchedules(host: Host, store: ScheduleStore, call: AwsCall): JsonObject {
  host.iam.authorize(call.principal, "scheduler:ListSchedules", arn(host, "schedule", "*/*"))
  const group = call.query.get("ScheduleGroup")
  const state = call.query.get("State")
  const prefix = call.query.get("NamePrefix") ?? ""
  const found = store
    .all()
    .filter(schedule => group === null || schedule.group === group)
    .filter(({ definition }) => definition.Name.startsWith(prefix))
    .filter(({ definition }) => state === null || (definition.State ?? "ENABLED") === state)
  return page("Schedules", found.map(summary), call)
}

function listGroups(host: Host, store: ScheduleStore, call: AwsCall): JsonObject {
  host.iam.authorize(call.principal, "scheduler:ListScheduleGroups", arn(host, "schedule-group", "*"))
  const prefix = call.query.get("NamePrefix") ?? ""
  const found = store.groups().filter(({ name }) => name.startsWith(prefix))
  return page("ScheduleGroups", found.map(describeGroup), call)
}

function page(member: string, items: readonly JsonObject[], { query }: AwsCall): JsonObject {
  const from = Number(query.get("NextToken") ?? 0)
  const count = Math.min(pageMax, Number(query.get("MaxResults") ?? pageMax))
  const more = from + count < items.length
  return { [member]: items.slice(from, from + count), ...(more && { NextToken: String(from + count) }) }
}

function describe({ arn: Arn, group, definition, createdAt, modifiedAt }: Schedule): JsonObject {
  const { StartDate, EndDate } = definition
  const plain: JsonObject = JSON.parse(JSON.stringify(definition))
  return {
    ActionAfterCompletion: "NONE",
    ScheduleExpressionTimezone: "UTC",
    State: "ENABLED",
    ...plain,
    ...(StartDate !== undefined && { StartDate: (epochMs(StartDate) ?? 0) / 1_000 }),
    ...(EndDate !== undefined && { EndDate: (epochMs(EndDate) ?? 0) / 1_000 }),
    Arn,
    GroupName: group,
    CreationDate: createdAt / 1_000,
    LastModificationDate: modifiedAt / 1_000,
  }
}

function summary({ arn: Arn, group, definition, createdAt, modifiedAt }: Schedule): JsonObject {
  return {
    Arn,
    Name: definition.Name,
    GroupName: group,
    State: definition.State ?? "ENABLED",
    CreationDate: createdAt / 1_000,
    LastModificationDate: modifiedAt / 1_000,
    Target: { Arn: definition.Target.Arn },
  }
}

function describeGroup({ name, arn: Arn, createdAt }: ScheduleGroup): JsonObject {
  const at = createdAt / 1_000
  return { Name: name, Arn, State: "ACTIVE", CreationDate: at, LastModificationDate: at }
}

function arn(host: Host, kind: string, path: string): string {
  return `arn:aws:scheduler:${host.region}:${host.accountId}:${kind}/${path}`
}

function unknown({ method, path }: AwsCall): AwsError {
  return new AwsError("UnknownOperationException", `EventBridge Scheduler on the local host has no ${method} ${path}.`)
}
