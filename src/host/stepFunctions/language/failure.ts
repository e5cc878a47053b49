/** How a state or an execution fails: an error name that Retry and Catch know, and a cause in words or JSON. */
export class StateFailure extends Error {
  readonly error: string
  override readonly cause: string
  /** The service said that the role may not. */
  readonly isDenied: boolean
  constructor(error: string, cause: string, isDenied = false) {
    super(cause)
    this.name = error
    this.error = error
    this.cause = cause
    this.isDenied = isDenied
  }
}

/** A failure of the run itself, which nothing catches [Handling errors: States.Runtime]. */
export const runtimeFailure = (cause: string): StateFailure => new StateFailure("States.Runtime", cause)

const notTakenByAll = ["States.Runtime", "States.DataLimitExceeded"]

/** Does the `ErrorEquals` of a retrier or catcher take this failure? */
export function takes(errorEquals: readonly string[], { error, isDenied }: StateFailure): boolean {
  if (error === "States.Runtime") return false
  return errorEquals.some(name => {
    if (name === error) return true
    if (name === "States.ALL") return !notTakenByAll.includes(error)
    if (name === "States.Timeout") return error === "States.HeartbeatTimeout"
    if (name === "States.Permissions") return isDenied
    return name === "States.TaskFailed" && error !== "States.Timeout" && !notTakenByAll.includes(error)
  })
}
