import type { Principal } from "../host.ts"
import type { Definition } from "./definition.ts"

/** A state machine as the template describes it. */
export interface StateMachine {
  readonly arn: string
  readonly name: string
  readonly type: "STANDARD" | "EXPRESS"
  readonly roleArn: string
  readonly definition: Definition
  /** The definition as it was given. */
  readonly text: string
  readonly revisionId: string
  readonly createdAt: number
}

/** Whom the state machine is when it calls other services. */
export function rolePrincipal({ roleArn, name }: StateMachine): Principal {
  const roleName = roleArn.slice(roleArn.lastIndexOf("/") + 1)
  const arn = `arn:aws:sts::${roleArn.split(":")[4]}:assumed-role/${roleName}/${name}`
  return { kind: "role", arn, roleName, sessionName: name }
}
