import { CfnOutput, Fn, type Stack } from "aws-cdk-lib/core"

/** Everything that the stateless stack knows of the stateful one: the names of the exports, stored in deployed stacks. */
export const jointNames = [
  "EventStoreName",
  "IdempotencyStoreName",
  "OutboxName",
  "OutboxStreamArn",
  "ViewStoreName",
  "TraceTableName",
  "KeyTableName",
  "DataKeyArn",
  "AppSecretArn",
  "MailSenderSecretArn",
  "BusName",
  "DeadLettersArn",
  "UnhandledLettersArn",
  "UserPoolId",
  "UserPoolClientId",
] as const

/** A value of the stateful stack for each name. */
export type Joint = Readonly<Record<(typeof jointNames)[number], string>>

const exportName = (stack: Stack, name: string) => `${stack.stackName}-${name}`

/** Exports the joint's values from the stack that owns them. */
export function exportJoint(stack: Stack, joint: Joint): void {
  for (const name of jointNames)
    new CfnOutput(stack, `Export${name}`, { value: joint[name], exportName: exportName(stack, name) })
}

/** The values that `stack` exports, as references for another stack. */
export const importJoint = (stack: Stack): Joint =>
  Object.fromEntries(jointNames.map(name => [name, Fn.importValue(exportName(stack, name))])) as Joint
