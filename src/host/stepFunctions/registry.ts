import { AwsError, type Host } from "../host.ts"
import type { StateMachine } from "./stateMachine.ts"

/** The state machines of the template, with their versions and aliases, which all run the one definition. */
export interface StateMachines {
  readonly all: ReadonlyMap<string, StateMachine>
  add(machine: StateMachine): void
  /** Makes the ARN of a version or an alias name its state machine. */
  addQualified(arn: string): void
  /** By its own ARN or that of a version or an alias. Throws AwsError StateMachineDoesNotExist | InvalidArn. */
  find(arn: string): StateMachine
}

export function createStateMachines(): StateMachines {
  const all = new Map<string, StateMachine>()
  const qualified = new Map<string, string>()
  return {
    all,
    add: machine => {
      all.set(machine.arn, machine)
    },
    addQualified: arn => {
      qualified.set(arn, arn.slice(0, arn.lastIndexOf(":")))
    },
    find: arn => {
      if (!/^arn:[^:]+:states:[^:]*:\d{12}:stateMachine:[^:]+(:[^:]+)?$/.test(arn)) throw invalidArn(arn)
      const machine = all.get(qualified.get(arn) ?? arn)
      if (machine === undefined)
        throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`)
      return machine
    },
  }
}

export const invalidArn = (arn: string) => new AwsError("InvalidArn", `Invalid Arn: '${arn}'`)

/** The ARN that a state machine of this name has. */
export const stateMachineArn = ({ region, accountId }: Host, name: string): string =>
  `arn:aws:states:${region}:${accountId}:stateMachine:${name}`
