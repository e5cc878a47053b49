import type { Json, JsonObject } from "../host.ts"

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED"

/** Where an execution is: it goes on from here after the host was killed. */
export type Step = {
  state: string
  input: Json
  variables: JsonObject
  enteredAt: number
  /** The task was asked, and waits for an answer to this. */
  token?: string
}

/** An execution as it is kept; times in milliseconds, payloads as JSON text. */
export type Execution = {
  arn: string
  name: string
  machineArn: string
  /** The version or alias that it was started by. */
  qualifiedArn?: string
  status: ExecutionStatus
  input: string
  startedAt: number
  stoppedAt?: number
  output?: string
  error?: string
  cause?: string
  traceHeader?: string
  step?: Step
}
