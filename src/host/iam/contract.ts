import type { Buffer } from "node:buffer"
import type { JsonObject, Principal, SessionContext } from "../values.ts"

/** Who may do what, and who it is that asks. */
export interface Iam {
  /**
   * Throws AwsError AccessDeniedException with AWS's sentence when the principal may not; records the statement used. `context`
   * holds the service's own condition keys (`dynamodb:LeadingKeys`: a list).
   */
  authorize(
    principal: Principal,
    action: string,
    resourceArn: string,
    context?: Record<string, string | readonly string[]>,
  ): void
  /** Temporary credentials of a role; calls signed with them come back as that role, with the session's `context`. */
  credentialsFor(roleArn: string, sessionName: string, context?: SessionContext): Credentials
  /** Checks SigV4 of a request; returns the signer. Throws AwsError (403) on a bad signature. */
  verify(request: SignedRequest): Promise<Principal>
  /**
   * Does a resource policy (queue, function, bus) let this service or principal act? Throws AwsError AccessDeniedException when it
   * has a Deny for them, which no identity policy can undo.
   */
  allowsByResourcePolicy(
    policy: JsonObject | undefined,
    who: { service?: string; sourceArn?: string; principal?: Principal },
    action: string,
    resourceArn: string,
    context?: SessionContext,
  ): boolean
}

/** Temporary credentials of a role. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** A request with its SigV4 signature. */
export interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | string
}
