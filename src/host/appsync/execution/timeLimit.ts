import type { Clock, Timer } from "../../clock.ts"

/** The time of a request is over. */
export class TimeUp extends Error {
  constructor() {
    super("Execution timed out.")
    this.name = "ExecutionTimeout"
  }
}

/** A limit that starts with the first call; `end` releases its timer. */
export interface TimeLimit {
  /** The same function, rejecting with TimeUp once the limit is over; what still runs then is left alone. */
  bound<A, R>(run: (argument: A) => Promise<R>): (argument: A) => Promise<R>
  end(): void
}

/** One time limit for all that a request waits for, in real milliseconds: work does not run faster when the clock does. */
export function createTimeLimit(clock: Clock, ms: number): TimeLimit {
  let timer: Timer | undefined
  let expired: Promise<never> | undefined
  const whenExpired = () => {
    expired ??= new Promise<never>((_, reject) => {
      timer = clock.after(ms * clock.speed, () => reject(new TimeUp()))
    })
    return expired
  }
  return {
    bound: run => argument => Promise.race([run(argument), whenExpired()]),
    end: () => timer?.cancel(),
  }
}
