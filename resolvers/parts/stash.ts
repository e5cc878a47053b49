/** Who passes without a look at a membership, and which roles suffice; what is absent lets nobody pass. */
export interface Rules {
  open?: boolean
  person?: boolean
  backend?: boolean
  verifiedEmail?: boolean
  /** The field that must hold the caller's verified address. */
  ownEmail?: string
  /** Fields of which one must name the caller. */
  self?: string[]
  groups?: string[]
  roles?: string[]
}

/** What a field's resolver says of the authorization of its call. */
export interface Authorization {
  rules: Rules
  /** The field that names the tenant. */
  tenantField: string
  /** Stored name of the view that holds the caller's roles. */
  memberships: string
  /** A refusal reads as if there were nothing. */
  hidden?: boolean
}

/** The command that a mutation publishes. */
export interface CommandConstants {
  context: string
  name: string
  /** The field that identifies the aggregate. */
  key: string
  /** Fields for which null is a value of its own. */
  nullable: string[]
  /** Before a tenant exists a person is their own. */
  createsTenant: boolean
}

/** The rows that a field reads. */
export interface ReadConstants {
  /** Stored name, with its version. */
  view: string
  /** Fields that form the partition. */
  partition: string[]
  /** Rows of a projection carry no version. */
  projection?: boolean
  /** Number of the shared index whose order is used. */
  index?: number
  /** Partition in the index. */
  unique?: string
}

/** What a subscription waits for, and where its scope stands. */
export interface Watched {
  /** "receipt", "trace" or the name of a view. */
  kind: string
  of: "scope" | "command" | "trace"
}
