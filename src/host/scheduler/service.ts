import { z } from "zod"
import { readInput } from "../events/input.ts"
import type { Host, ResourceProvider, Service } from "../host.ts"
import { createInvocations, type PendingInvocation } from "./invocations.ts"
import { answerCall } from "./restCalls.ts"
import { ScheduleDefinition } from "./schedule.ts"
import { createScheduleStore, type ScheduleStore } from "./scheduleStore.ts"
import { createTimers } from "./timers.ts"

const GroupProperties = z.object({ Name: z.string().optional() })

/** EventBridge Scheduler: one-time and recurring schedules by the host's clock. A due schedule reaches its target or its dead-letter queue. */
export function createSchedulerService(host: Host): Service {
  const store = createScheduleStore(host, host.durable<string>("scheduler"))
  const invocations = createInvocations(host, host.durable<PendingInvocation>("scheduler.invocations"))
  const timers = createTimers(host, store, invocations)
  const inTemplate = new Set<string>()

  return {
    name: "scheduler",
    signingNames: ["scheduler"],
    handle: async call => ({ body: answerCall(host, store, call) }),
    resources: {
      "AWS::Scheduler::Schedule": scheduleProvider(store, inTemplate),
      "AWS::Scheduler::ScheduleGroup": {
        honours: ["Name"],
        indifferent: ["Tags"],
        create: ({ properties, physicalName }) => {
          const { arn, name } = store.addGroup(readInput(GroupProperties, properties).Name ?? physicalName, true)
          return { ref: name, attributes: { Arn: arn, State: "ACTIVE" } }
        },
      },
    },
    start: () => {
      for (const { arn, origin, definition, group } of store.all()) {
        if (origin === "template" && !inTemplate.has(arn)) store.delete(definition.Name, group)
      }
      invocations.start()
      timers.start()
    },
    stop: async () => {
      timers.stop()
      invocations.stop()
    },
  }
}

function scheduleProvider(store: ScheduleStore, inTemplate: Set<string>): ResourceProvider {
  return {
    honours: Object.keys(ScheduleDefinition.shape),
    indifferent: ["KmsKeyArn"],
    create: ({ properties, physicalName }) => {
      const definition = readInput(ScheduleDefinition, { Name: physicalName.slice(0, 64), ...properties })
      const { arn } = store.put(definition)
      inTemplate.add(arn)
      return { ref: definition.Name, attributes: { Arn: arn } }
    },
  }
}
