import { randomUUID } from "node:crypto"
import { AwsError, type Json } from "../host.ts"
import type { StateFailure } from "./language/failure.ts"

interface WaitingTask {
  succeed(output: Json): void
  fail(failure: StateFailure): void
  beat(): void
}

/** Tokens of tasks that wait until somebody answers for them. */
export interface TaskTokens {
  /** Names the execution, so that an answer that comes late can be told from one to nothing. */
  make(executionArn: string): string
  /** The answer to a token. `onBeat` is called for each heartbeat. */
  wait(token: string, onBeat: () => void): { readonly answer: Promise<Json>; forget(): void }
  /** The execution that a token was made for; undefined when it is no token. */
  executionOf(token: string): string | undefined
  /** Throws AwsError TaskTimedOut when nobody waits for it any more. */
  waiting(token: string): WaitingTask
}

export function createTaskTokens(): TaskTokens {
  const waiting = new Map<string, WaitingTask>()
  return {
    make: executionArn => Buffer.from(`${randomUUID()}|${executionArn}`).toString("base64url"),

    wait: (token, onBeat) => {
      const { promise, resolve, reject } = withResolvers<Json>()
      waiting.set(token, { succeed: resolve, fail: reject, beat: onBeat })
      return { answer: promise, forget: () => waiting.delete(token) }
    },

    executionOf: token => {
      const [, arn] = Buffer.from(token, "base64url").toString().split("|", 2)
      return arn?.startsWith("arn:") ? arn : undefined
    },

    waiting: token => {
      const task = waiting.get(token)
      if (task === undefined)
        throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
      return task
    },
  }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  promise.catch(() => {})
  return { promise, resolve, reject }
}
