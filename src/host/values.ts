/** What every part of the host speaks of: JSON, and who asks. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export type JsonObject = { [key: string]: Json }

/** Who signs a call. `root` may do everything; a role may do what its policies say; `anonymous` has signed nothing. */
export type Principal =
  | { kind: "root"; arn: string }
  | { kind: "role"; arn: string; roleName: string; sessionName: string; context?: SessionContext }
  | { kind: "anonymous" }

/** Condition keys that belong to a session, such as `cognito-identity.amazonaws.com:sub`. */
export type SessionContext = Readonly<Record<string, string | readonly string[]>>
