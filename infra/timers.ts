import * as iam from "aws-cdk-lib/aws-iam"
import * as scheduler from "aws-cdk-lib/aws-scheduler"
import { Stack } from "aws-cdk-lib/core"
import { Construct } from "constructs"
import type { TimerTarget } from "./access.ts"

export interface TimersProps {
  readonly busName: string
  /** ARN of the queue for messages that could not be put on the bus. */
  readonly deadLettersArn: string
}

/** The schedule group that automations set their timers in, and the role by which a timer puts its message on the bus. */
export class Timers extends Construct {
  readonly target: TimerTarget

  constructor(scope: Construct, id: string, { busName, deadLettersArn }: TimersProps) {
    super(scope, id)
    const stack = Stack.of(this)
    const group = `${stack.stackName}-timers`
    new scheduler.CfnScheduleGroup(this, "Group", { name: group })
    const role = new iam.Role(this, "Role", { assumedBy: new iam.ServicePrincipal("scheduler.amazonaws.com") })
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ["events:PutEvents"],
        resources: [stack.formatArn({ service: "events", resource: "event-bus", resourceName: busName })],
      }),
    )
    role.addToPolicy(new iam.PolicyStatement({ actions: ["sqs:SendMessage"], resources: [deadLettersArn] }))
    this.target = { group, roleArn: role.roleArn }
  }
}
