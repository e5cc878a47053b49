import type { JsonObject, Principal } from "../../host.ts"
import type { AuthMode } from "../contract.ts"

/** Who sent a request, once its credential was checked. */
export interface Caller {
  readonly mode: AuthMode
  /** `ctx.identity` in the shape of the mode; null for an API key. */
  readonly identity: JsonObject | null
  /** Cognito groups of the caller; empty for other modes. */
  readonly groups: readonly string[]
  /** Set for IAM: each root field is authorized against the signer's policies. */
  readonly principal?: Principal
  /** What a Lambda authorizer denies: `Type.field` or a field's ARN. */
  readonly deniedFields?: ReadonlySet<string>
}

/** A refused credential; the whole request is answered with `status` and AppSync's `errorType` and message. */
export class Unauthorized extends Error {
  readonly errorType: string
  readonly status: number
  constructor(message: string, errorType = "UnauthorizedException", status = 401) {
    super(message)
    this.errorType = errorType
    this.status = status
  }
}
