import { randomUUID } from "node:crypto"
import { setMaxListeners } from "node:events"
import type { DurableMap } from "../durable.ts"
import { AwsError, type Host, type JsonObject } from "../host.ts"
import { announceChange } from "./announcement.ts"
import type { Execution, Step } from "./execution.ts"
import { type Histories, included, unkeptTrail } from "./history.ts"
import { StateFailure } from "./language/failure.ts"
import type { StateMachine } from "./stateMachine.ts"
import { orEnded } from "./states/line.ts"
import { runLine } from "./states/runLine.ts"
import type { Surroundings } from "./surroundings.ts"

/** What a new execution is given. */
export interface Start {
  readonly machine: StateMachine
  readonly input: string
  readonly name?: string | undefined
  readonly qualifiedArn?: string | undefined
  readonly traceHeader?: string | undefined
}

/** Executions that run, and Standard ones that have ended. */
export interface Executions {
  /** Standard ones are durable when this returns. Throws AwsError ExecutionAlreadyExists. */
  start(start: Start): Execution
  /** The execution once it has ended. Throws the signal's reason, or AwsError ExecutionDoesNotExist. */
  ended(arn: string, signal: AbortSignal): Promise<Execution>
  find(arn: string): Execution | undefined
  of(machineArn: string): Execution[]
  /** Ends a running execution as ABORTED; one that has ended stays as it is. */
  abort(arn: string, error: string | undefined, cause: string | undefined): void
  /** Goes on with the Standard executions that an earlier run of the host left. */
  resume(machineOf: (arn: string) => StateMachine | undefined): void
  stop(): void
}

interface Running {
  readonly controller: AbortController
  readonly ended: Promise<Execution>
}

/** Ends a line without an end of the execution: the host stops, and goes on with it at its next start. */
const hostStops = Symbol("the host stops")
class Aborted {
  readonly failure: StateFailure
  constructor(error = "", cause = "") {
    this.failure = new StateFailure(error, cause)
  }
}
class TimedOut {}

const keptMs = 90 * 86_400_000
const expressMaxSeconds = 300

export function createExecutions(
  host: Host,
  kept: DurableMap<Execution>,
  histories: Histories,
  tools: Pick<Surroundings, "tokens" | "callOf">,
): Executions {
  const express = new Map<string, Execution>()
  const running = new Map<string, Running>()

  const begin = (machine: StateMachine, execution: Execution): void => {
    const isKept = machine.type === "STANDARD"
    const trail = isKept ? histories.trail(execution.arn) : unkeptTrail()
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    const limit = Math.min(
      machine.definition.TimeoutSeconds ?? Number.POSITIVE_INFINITY,
      isKept ? Number.POSITIVE_INFINITY : expressMaxSeconds,
    )
    const timer = Number.isFinite(limit)
      ? host.clock.after(execution.startedAt + limit * 1_000 - host.clock.now(), () => controller.abort(new TimedOut()))
      : undefined
    let current = execution
    const keep = (step: Step) => {
      current = { ...current, step }
      if (isKept) kept.set(execution.arn, current)
    }
    if (trail.lastId() === 0) {
      trail.record("ExecutionStarted", { ...included("input", JSON.parse(execution.input)), roleArn: machine.roleArn })
      if (isKept) announceChange(host, execution)
    }
    const line = {
      around: { host, machine, execution, ...tools },
      flow: machine.definition,
      language: machine.definition.QueryLanguage ?? ("JSONPath" as const),
      trail,
      signal: controller.signal,
      variables: {},
      keep,
    }
    const finish = (change: Partial<Execution>, type: string, details: JsonObject): Execution => {
      timer?.cancel()
      running.delete(execution.arn)
      trail.record(type, details)
      const { step: _, ...rest } = current
      const over: Execution = { ...rest, ...change, stoppedAt: host.clock.now() }
      if (isKept) {
        kept.set(execution.arn, over)
        announceChange(host, over)
      } else express.delete(execution.arn)
      return over
    }
    const ended = runLine(line, JSON.parse(execution.input), execution.step).then(
      output =>
        finish(
          { status: "SUCCEEDED", output: JSON.stringify(output) },
          "ExecutionSucceeded",
          included("output", output),
        ),
      (reason: unknown) => {
        if (reason === hostStops) throw reason
        if (reason instanceof TimedOut) return finish({ status: "TIMED_OUT" }, "ExecutionTimedOut", {})
        const failure = reason instanceof Aborted ? reason.failure : asFailure(host, reason)
        const told = tellOf(failure)
        return reason instanceof Aborted
          ? finish({ status: "ABORTED", ...told }, "ExecutionAborted", told)
          : finish({ status: "FAILED", ...told }, "ExecutionFailed", told)
      },
    )
    ended.catch(() => {})
    running.set(execution.arn, { controller, ended })
  }

  return {
    start: ({ machine, input, name = randomUUID(), qualifiedArn, traceHeader }) => {
      const isKept = machine.type === "STANDARD"
      const arn = executionArn(machine, name)
      const before = isKept ? kept.get(arn) : undefined
      if (before !== undefined) {
        if (before.status === "RUNNING" && isSameJson(before.input, input)) return before
        throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`)
      }
      const execution: Execution = {
        arn,
        name,
        machineArn: machine.arn,
        ...(qualifiedArn !== undefined && { qualifiedArn }),
        status: "RUNNING",
        input,
        startedAt: host.clock.now(),
        ...(traceHeader !== undefined && { traceHeader }),
      }
      if (isKept) kept.set(arn, execution)
      else express.set(arn, execution)
      begin(machine, execution)
      return execution
    },

    ended: (arn, signal) => {
      const run = running.get(arn)
      const over = kept.get(arn)
      if (run !== undefined) return orEnded(run.ended, signal)
      if (over !== undefined) return Promise.resolve(over)
      throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`)
    },

    find: arn => kept.get(arn) ?? express.get(arn),
    of: machineArn => [...kept.entries()].flatMap(([, one]) => (one.machineArn === machineArn ? one : [])).reverse(),
    abort: (arn, error, cause) => running.get(arn)?.controller.abort(new Aborted(error, cause)),

    resume: machineOf => {
      for (const [arn, execution] of [...kept.entries()]) {
        const machine = machineOf(execution.machineArn)
        const isOld = host.clock.now() - (execution.stoppedAt ?? host.clock.now()) > keptMs
        if (isOld || machine?.type !== "STANDARD") {
          if (execution.status === "RUNNING")
            host.log.warn("stepFunctions", `${arn} is dropped: its state machine is no longer in the template`)
          kept.delete(arn)
          histories.forget(arn)
        } else if (execution.status === "RUNNING" && !running.has(arn)) begin(machine, execution)
      }
    },

    stop: () => {
      for (const { controller } of running.values()) controller.abort(hostStops)
    },
  }
}

/** Express executions may share a name, so their ARNs have an id as well. */
function executionArn({ arn, name: machine, type }: StateMachine, name: string): string {
  const account = arn.split(":").slice(0, 5).join(":")
  if (type === "STANDARD") return `${account}:execution:${machine}:${name}`
  return `${account}:express:${machine}:${name}:${randomUUID()}`
}

function isSameJson(one: string, other: string): boolean {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other))
}

const tellOf = ({ error, cause }: StateFailure) => ({ ...(error !== "" && { error }), ...(cause !== "" && { cause }) })

function asFailure(host: Host, reason: unknown): StateFailure {
  if (reason instanceof StateFailure) return reason
  host.log.warn("stepFunctions", reason instanceof Error ? `${reason.stack}` : `${reason}`)
  return new StateFailure("States.Runtime", reason instanceof Error ? reason.message : String(reason))
}
