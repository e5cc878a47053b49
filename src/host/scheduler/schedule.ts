import { z } from "zod"
import { AwsError, type Host } from "../host.ts"
import { parseScheduleExpression, type ScheduleExpression } from "./expression.ts"
import { ScheduleTarget } from "./scheduleTarget.ts"
import { isTargetArn } from "./targets.ts"
import { parseTimeZone } from "./timeZone.ts"

const name = z
  .string()
  .regex(/^[0-9a-zA-Z-_.]{1,64}$/, "Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$")
const time = z.union([z.number(), z.string()])

/** What CreateSchedule and AWS::Scheduler::Schedule define; times are epoch seconds or ISO text. */
export const ScheduleDefinition = z.object({
  Name: name,
  GroupName: name.optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().optional(),
  StartDate: time.optional(),
  EndDate: time.optional(),
  Description: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).optional(),
  ActionAfterCompletion: z.enum(["NONE", "DELETE"]).optional(),
  FlexibleTimeWindow: z.object({
    Mode: z.enum(["OFF", "FLEXIBLE"]),
    MaximumWindowInMinutes: z.coerce.number().int().min(1).max(1440).optional(),
  }),
  Target: ScheduleTarget,
})
export type ScheduleDefinition = z.infer<typeof ScheduleDefinition>

/** A schedule as it is kept. Times are milliseconds since the epoch. */
export interface Schedule {
  readonly arn: string
  readonly group: string
  readonly definition: ScheduleDefinition
  readonly origin: "template" | "call"
  readonly createdAt: number
  readonly modifiedAt: number
  /** The last time that it was due, when it was. */
  readonly lastDue?: number
}

/** When a schedule is due, inside its start and end. Throws AwsError ValidationException with Scheduler's message. */
export function dueTimes(definition: ScheduleDefinition): ScheduleExpression {
  const { ScheduleExpression: text, ScheduleExpressionTimezone: zone = "UTC" } = definition
  if (!parseTimeZone(zone)) throw invalid(`Invalid ScheduleExpressionTimezone ${zone}.`)
  const expression = parseScheduleExpression(text, zone)
  if (!expression) throw invalid(`Invalid Schedule Expression ${text}.`)
  if (expression.kind === "at") return expression
  const start = epochMs(definition.StartDate) ?? Number.NEGATIVE_INFINITY
  const end = epochMs(definition.EndDate) ?? Number.POSITIVE_INFINITY
  return {
    kind: expression.kind,
    next: (after, anchor) => {
      const due = expression.next(Math.max(after, start - 1), anchor)
      return due !== undefined && due <= end ? due : undefined
    },
  }
}

/** Throws AwsError ValidationException for what Scheduler refuses, and for targets that the host does not reach. */
export function checkDefinition(host: Host, definition: ScheduleDefinition): void {
  dueTimes(definition)
  const { FlexibleTimeWindow, StartDate, EndDate, Target } = definition
  if ((FlexibleTimeWindow.Mode === "FLEXIBLE") !== (FlexibleTimeWindow.MaximumWindowInMinutes !== undefined)) {
    throw invalid(
      FlexibleTimeWindow.Mode === "OFF"
        ? "MaximumWindowInMinutes must not be set when FlexibleTimeWindow Mode is OFF."
        : "MaximumWindowInMinutes is required when FlexibleTimeWindow Mode is FLEXIBLE.",
    )
  }
  const end = epochMs(EndDate)
  if (end !== undefined && end <= (epochMs(StartDate) ?? host.clock.now())) {
    throw invalid("The EndDate you specify must come after the StartDate and the current time.")
  }
  if (!isTargetArn(Target.Arn)) {
    const advice =
      "use a Lambda function, an SQS queue, an event bus, or aws-sdk:lambda:invoke, sqs:sendMessage, eventbridge:putEvents"
    throw invalid(`Provided Arn is not supported by the local host: ${Target.Arn}; ${advice}.`)
  }
}

/** Milliseconds of a time given as epoch seconds or ISO text. */
export function epochMs(time: number | string | undefined): number | undefined {
  if (time === undefined) return undefined
  return typeof time === "number" ? time * 1_000 : Date.parse(time)
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message)
}
