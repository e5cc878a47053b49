import { setImmediate } from "node:timers/promises"
import { z } from "zod"
import { AwsError, type Host, type JsonObject } from "../host.ts"
import type { Archives } from "./archive.ts"
import { type BusRegistry, busName } from "./busRegistry.ts"
import type { EventBus } from "./rule.ts"

export const StartReplayInput = z.object({
  ReplayName: z.string(),
  Description: z.string().optional(),
  EventSourceArn: z.string(),
  EventStartTime: z.number(),
  EventEndTime: z.number(),
  Destination: z.object({ Arn: z.string(), FilterArns: z.array(z.string()).optional() }),
})

/** Sends archived events to a bus again; each then carries `replay-name`. */
export interface Replays {
  start(input: z.infer<typeof StartReplayInput>): JsonObject
  describe(name: string): JsonObject
  list(): JsonObject[]
}

const batchMax = 100

export function createReplays(
  host: Host,
  registry: BusRegistry,
  archives: Archives,
  publish: (bus: EventBus, event: JsonObject, onlyRules?: readonly string[]) => void,
): Replays {
  const replays = new Map<string, JsonObject>()

  const run = async (name: string, bus: EventBus, events: JsonObject[], onlyRules?: readonly string[]) => {
    for (const [index, event] of events.entries()) {
      if (index % batchMax === 0) await setImmediate()
      publish(bus, { ...event, "replay-name": name }, onlyRules)
    }
    replays.set(name, { ...replays.get(name), State: "COMPLETED", ReplayEndTime: host.clock.now() / 1_000 })
  }

  return {
    start: input => {
      const { ReplayName, EventSourceArn, Destination } = input
      if (replays.has(ReplayName)) {
        throw new AwsError("ResourceAlreadyExistsException", `Replay ${ReplayName} already exists.`)
      }
      const archive = archives.get(EventSourceArn.split("archive/").at(-1) ?? "")
      if (archive.busArn !== Destination.Arn) {
        const reason = "Reason: Cross event bus replay is not permitted."
        throw new AwsError("ValidationException", `Parameter Destination.Arn is not valid. ${reason}`)
      }
      if (input.EventEndTime <= input.EventStartTime) {
        const reason = "Reason: EventStartTime must be before EventEndTime."
        throw new AwsError("ValidationException", `Parameter EventEndTime is not valid. ${reason}`)
      }
      const ReplayArn = `arn:aws:events:${host.region}:${host.accountId}:replay/${ReplayName}`
      const ReplayStartTime = host.clock.now() / 1_000
      const asked: JsonObject = JSON.parse(JSON.stringify(input))
      replays.set(ReplayName, { ...asked, ReplayArn, State: "RUNNING", ReplayStartTime })
      const events = archives.events(archive, input.EventStartTime * 1_000, input.EventEndTime * 1_000)
      void run(ReplayName, registry.bus(busName(Destination.Arn)), events, Destination.FilterArns)
      return { ReplayArn, State: "STARTING", ReplayStartTime }
    },
    describe: name => {
      const replay = replays.get(name)
      if (!replay) throw new AwsError("ResourceNotFoundException", `Replay ${name} does not exist.`)
      return replay
    },
    list: () => [...replays.values()],
  }
}
