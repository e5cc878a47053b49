import type { Host } from "../host.ts"
import type { Execution } from "./execution.ts"

/** Puts the change of a Standard execution's status on the default bus [Automating Step Functions event delivery with EventBridge]. */
export function announceChange(host: Host, execution: Execution): void {
  const { arn, name, machineArn, status, input, output, error, cause, startedAt, stoppedAt } = execution
  const detail = {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: startedAt,
    stopDate: stoppedAt ?? null,
    input,
    output: output ?? null,
    inputDetails: { included: true },
    outputDetails: output === undefined ? null : { included: true },
    error: error ?? null,
    cause: cause ?? null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveCount: 0,
    redriveDate: null,
    redriveStatus: "NOT_REDRIVABLE",
    redriveStatusReason: null,
  }
  host.buses.announce?.("aws.states", "Step Functions Execution Status Change", detail, [arn])
}
