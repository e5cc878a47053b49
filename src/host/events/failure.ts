import { AwsError } from "../host.ts"

/** Why a delivery failed, in the words that EventBridge puts on dead letters. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly retriable: boolean
}

const kinds: readonly { code: string; retriable: boolean; names: RegExp }[] = [
  {
    code: "NO_PERMISSIONS",
    retriable: false,
    names: /AccessDenied|NotAuthorized|UnrecognizedClient|InvalidClientToken/,
  },
  {
    code: "NO_RESOURCE",
    retriable: false,
    names: /ResourceNotFound|QueueDoesNotExist|StateMachineDoesNotExist|NonExistentQueue/,
  },
  { code: "INVALID_JSON", retriable: false, names: /^InvalidJson$/ },
  {
    code: "INVALID_PARAMETER",
    retriable: false,
    names: /Validation|InvalidParameter|InvalidRequestContent|InvalidExecutionInput|RequestTooLarge/,
  },
  { code: "THROTTLING", retriable: true, names: /TooManyRequests|Throttl/ },
]

/** Reads a target's error. What has no permission, no resource or a bad address is not tried again. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  const name = error instanceof AwsError ? error.code : ""
  const kind = kinds.find(({ names }) => names.test(name))
  return { code: kind?.code ?? "ERROR_FROM_TARGET", retriable: kind?.retriable ?? true, message }
}
