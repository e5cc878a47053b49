import { CreateScheduleCommand, DeleteScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler"
import type { Timers } from "../../core/ports.ts"

export interface SchedulerTimersProps {
  /** Name of the schedule group. */
  readonly group: string
  readonly busArn: string
  /** Role by which EventBridge Scheduler puts the message on the bus. */
  readonly roleArn: string
  /** ARN of the queue for what could not be delivered. */
  readonly deadLettersArn: string
}

/** Timers on EventBridge Scheduler: one-time schedules with deterministic names that delete themselves. */
export function schedulerTimers(props: SchedulerTimersProps, client = new SchedulerClient({})): Timers {
  return {
    async set(id, at, message) {
      const schedule = new CreateScheduleCommand({
        Name: id,
        GroupName: props.group,
        // AWS takes whole seconds, without a zone: never earlier than asked for.
        ScheduleExpression: `at(${new Date(Math.ceil(Date.parse(at) / 1_000) * 1_000).toISOString().slice(0, 19)})`,
        FlexibleTimeWindow: { Mode: "OFF" },
        ActionAfterCompletion: "DELETE",
        Target: {
          Arn: props.busArn,
          RoleArn: props.roleArn,
          EventBridgeParameters: { Source: "foldline.actor", DetailType: message.type },
          Input: JSON.stringify(message),
          DeadLetterConfig: { Arn: props.deadLettersArn },
        },
      })
      await client.send(schedule).catch(unless("ConflictException"))
    },

    async cancel(id) {
      const deletion = new DeleteScheduleCommand({ Name: id, GroupName: props.group })
      await client.send(deletion).catch(unless("ResourceNotFoundException"))
    },
  }
}

const unless = (name: string) => (error: unknown) => {
  if (!(error instanceof Error) || error.name !== name) throw error
}
