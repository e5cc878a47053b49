/** Why Cognito refused, in words for people, and the field that it concerns. */
export interface Refusal {
  readonly field?: "email" | "password" | "code"
  readonly message: string
}

const known: Readonly<Record<string, Refusal>> = {
  NotAuthorizedException: { field: "password", message: "The e-mail address or the password is not right." },
  UserNotFoundException: { field: "password", message: "The e-mail address or the password is not right." },
  UsernameExistsException: { field: "email", message: "This address has signed up already. Sign in instead." },
  CodeMismatchException: {
    field: "code",
    message: "This is not the right code. Check it, or get a new one.",
  },
  EnableSoftwareTokenMFAException: {
    field: "code",
    message: "This is not the right code. Check it, or wait for the next one.",
  },
  ExpiredCodeException: { field: "code", message: "The code has expired. Send a new one." },
  LimitExceededException: { message: "Too many attempts. Wait a few minutes and try again." },
  TooManyRequestsException: { message: "Too many attempts. Wait a few minutes and try again." },
  NetworkError: { message: "The service cannot be reached. Check your connection and try again." },
}

/** Turns an error of Amplify into words. */
export function explain(error: unknown): Refusal {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  if (name === "InvalidPasswordException")
    return { field: "password", message: message.replace(/^Password did not conform with policy: /, "") }
  if (name === "InvalidParameterException" && /email|username/i.test(message))
    return { field: "email", message: "This is not an e-mail address." }
  if (name === "NotAuthorizedException" && /session/i.test(message))
    return { message: "That took too long. Go back and sign in again." }
  return known[name] ?? { message }
}
