import type { Json, JsonObject } from "../../host.ts"
import { type Expansion, optional } from "./expansion.ts"

/** Whom an event invokes: how a function is named, and its ARN. */
export interface EventTarget {
  readonly name: JsonObject
  readonly arn: JsonObject
}

/** Gives the function's role more: statements, and policies by ARN. */
export type Grant = (statements: Json[], attached?: Json[]) => void

/** One entry of a function's `Events`, being made under a logical id. */
export interface EventSource {
  readonly expansion: Expansion
  readonly target: EventTarget
  readonly id: string
  readonly properties: JsonObject
  readonly grant: Grant
}

/** Lets the service invoke the function for this source. */
export function addPermission({ expansion, target, id }: EventSource, service: string, sourceArn?: Json): void {
  expansion.add(`${id}Permission`, "AWS::Lambda::Permission", {
    Action: "lambda:InvokeFunction",
    FunctionName: target.name,
    Principal: `${service}.amazonaws.com`,
    ...optional("SourceArn", sourceArn),
  })
}
