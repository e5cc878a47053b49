import * as events from "aws-cdk-lib/aws-events"
import * as lambda from "aws-cdk-lib/aws-lambda"
import { Duration, Fn } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import type { RoomFunction } from "./roomFunction.ts"

export interface BusRuleProps {
  readonly description: string
  readonly room: RoomFunction
  /** Pattern of the messages of `busName` … */
  readonly pattern?: Readonly<Record<string, readonly unknown[]>>
  readonly busName?: string
  /** … or when to call, on the default bus. */
  readonly schedule?: events.Schedule
}

/** How often and how long EventBridge tries to hand a message over. */
const handOverRetries = { maximumRetryAttempts: 100, maximumEventAgeInSeconds: Duration.hours(6).toSeconds() }

/** EventBridge refuses longer patterns. */
export const patternMax = 2_048

/** Hands messages to a function; what cannot be handed over goes to the function's dead-letter queue. */
export class BusRule extends Construct {
  readonly name: string
  readonly busName: string | undefined

  constructor(scope: Construct, id: string, props: BusRuleProps) {
    super(scope, id)
    const { room, pattern, busName, schedule, description } = props
    if (JSON.stringify(pattern ?? {}).length > patternMax)
      throw new Error(`the pattern of rule ${id} is longer than ${patternMax} characters: split it`)
    const rule = new events.CfnRule(this, "Rule", {
      description,
      targets: [
        {
          id: "Function",
          arn: room.function.functionArn,
          retryPolicy: handOverRetries,
          deadLetterConfig: { arn: room.deadLettersArn },
        },
      ],
      ...(busName === undefined ? {} : { eventBusName: busName }),
      ...(pattern === undefined ? {} : { eventPattern: pattern }),
      ...(schedule === undefined ? {} : { scheduleExpression: schedule.expressionString }),
    })
    this.name = Fn.select(busName === undefined ? 1 : 2, Fn.split("/", rule.attrArn))
    this.busName = busName
    new lambda.CfnPermission(this, "Permission", {
      action: "lambda:InvokeFunction",
      functionName: room.function.functionArn,
      principal: "events.amazonaws.com",
      sourceArn: rule.attrArn,
    })
  }
}

/** The types in as few lists as fit each into a pattern, with room for the pattern's other conditions. */
export function patternChunks(types: readonly string[], sizeMax = patternMax - 200): readonly (readonly string[])[] {
  const chunks: string[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const type of types) {
    const added = JSON.stringify(type).length + 1
    if (size + added > sizeMax) {
      chunks.push([])
      size = 0
    }
    chunks.at(-1)?.push(type)
    size += added
  }
  return chunks
}
