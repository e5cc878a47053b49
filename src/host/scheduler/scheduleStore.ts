import type { DurableMap } from "../durable.ts"
import { AwsError, type Host } from "../host.ts"
import { checkDefinition, type Schedule, type ScheduleDefinition } from "./schedule.ts"

export interface ScheduleGroup {
  readonly name: string
  readonly arn: string
  readonly createdAt: number
}

/** The account's schedules and their groups; they outlive a restart. */
export interface ScheduleStore {
  all(): Schedule[]
  get(name: string, group?: string): Schedule
  create(definition: ScheduleDefinition): Schedule
  update(definition: ScheduleDefinition): Schedule
  delete(name: string, group?: string): void
  /** Creates or updates a schedule of the template; one that is the same as before goes on where it was. */
  put(definition: ScheduleDefinition): Schedule
  /** Notes that a schedule was due; ignores one that is gone. */
  wasDue(schedule: Schedule, due: number): void
  groups(): ScheduleGroup[]
  group(name: string): ScheduleGroup
  addGroup(name: string, mayExist: boolean): ScheduleGroup
  deleteGroup(name: string): void
  /** Calls back with the arn of a schedule that changed, and the schedule unless it was deleted. */
  onChange(listener: (arn: string, schedule: Schedule | undefined) => void): void
}

export function createScheduleStore(host: Host, stored: DurableMap<string>): ScheduleStore {
  const schedules = new Map<string, Schedule>()
  const groups = new Map<string, ScheduleGroup>()
  const listeners: ((arn: string, schedule: Schedule | undefined) => void)[] = []
  for (const [key, text] of stored.entries()) {
    if (key.startsWith("group|")) groups.set(key.slice(6), JSON.parse(text))
    else schedules.set(key.slice(9), JSON.parse(text))
  }

  const arnOf = (kind: string, path: string) => `arn:aws:scheduler:${host.region}:${host.accountId}:${kind}/${path}`
  const keyOf = (name: string, group = "default") => `${group}/${name}`
  const tell = (arn: string, schedule?: Schedule) => {
    for (const listener of listeners) listener(arn, schedule)
  }

  const keep = (definition: ScheduleDefinition, origin: Schedule["origin"], createdAt: number): Schedule => {
    checkDefinition(host, definition)
    const group = store.group(definition.GroupName ?? "default").name
    const key = keyOf(definition.Name, group)
    const arn = arnOf("schedule", key)
    const schedule: Schedule = { arn, group, definition, origin, createdAt, modifiedAt: host.clock.now() }
    schedules.set(key, schedule)
    stored.set(`schedule|${key}`, JSON.stringify(schedule))
    tell(arn, schedule)
    return schedule
  }

  const store: ScheduleStore = {
    all: () => [...schedules.values()],
    get: (name, group) => schedules.get(keyOf(name, group)) ?? missing(`Schedule ${name} does not exist.`),
    create: definition => {
      if (schedules.has(keyOf(definition.Name, definition.GroupName))) {
        throw new AwsError("ConflictException", `Schedule ${definition.Name} already exists.`, 409)
      }
      return keep(definition, "call", host.clock.now())
    },
    update: definition => {
      const { origin, createdAt } = store.get(definition.Name, definition.GroupName)
      return keep(definition, origin, createdAt)
    },
    put: definition => {
      const before = schedules.get(keyOf(definition.Name, definition.GroupName))
      const isSame = before && JSON.stringify(before.definition) === JSON.stringify(definition)
      return isSame ? before : keep(definition, "template", before?.createdAt ?? host.clock.now())
    },
    delete: (name, group) => {
      const { arn } = store.get(name, group)
      schedules.delete(keyOf(name, group))
      stored.delete(`schedule|${keyOf(name, group)}`)
      tell(arn)
    },
    wasDue: ({ group, definition, modifiedAt }, due) => {
      const key = keyOf(definition.Name, group)
      const current = schedules.get(key)
      if (current?.modifiedAt !== modifiedAt) return
      const noted = { ...current, lastDue: due }
      schedules.set(key, noted)
      stored.set(`schedule|${key}`, JSON.stringify(noted))
    },
    groups: () => [...groups.values()],
    group: name => groups.get(name) ?? missing(`Schedule group ${name} does not exist.`),
    addGroup: (name, mayExist) => {
      const known = groups.get(name)
      if (known && !mayExist) {
        throw new AwsError("ConflictException", `Schedule group ${name} already exists.`, 409)
      }
      const group = known ?? { name, arn: arnOf("schedule-group", name), createdAt: host.clock.now() }
      groups.set(name, group)
      if (!known) stored.set(`group|${name}`, JSON.stringify(group))
      return group
    },
    deleteGroup: name => {
      store.group(name)
      if (name === "default") throw new AwsError("ValidationException", "Default schedule group cannot be deleted.")
      for (const { definition, group } of store.all()) if (group === name) store.delete(definition.Name, group)
      groups.delete(name)
      stored.delete(`group|${name}`)
    },
    onChange: listener => listeners.push(listener),
  }
  store.addGroup("default", true)
  return store
}

function missing(message: string): never {
  throw new AwsError("ResourceNotFoundException", message, 404)
}
