import { type AnyAggregate, commandOf } from "../aggregate.ts"
import { canonicalJson } from "../json.ts"
import { type App, type Owner, ownersByType } from "../manifest.ts"
import type { CommandRequest, Message } from "../message.ts"
import type { RejectionReport } from "../outcome.ts"
import type { Vault } from "../outside.ts"
import { metaOf } from "../personal.ts"
import type { EventStore } from "../ports.ts"
import { streamOf } from "../stream.ts"

export type { CommandRequest } from "../message.ts"

export interface CommandPorts {
  readonly app: App
  readonly events: EventStore
  /** SHA-256 as base64url. */
  readonly hash: (text: string) => string
  /** Hash of an aggregate's reducer and schemas. */
  readonly reducerHash: (aggregate: AnyAggregate) => string
  readonly now: () => string
  /** Waits before attempt `attempt` (1, 2, …) with full jitter. */
  readonly pause: (attempt: number) => Promise<void>
  /** Absent where no command has a value for it. */
  readonly vault?: Pick<Vault, "put">
}

/** A command that is ready to be decided, or known to be invalid. */
export interface Prepared {
  readonly owner: Owner
  readonly command: Message
  readonly invalid: RejectionReport | undefined
  readonly request: CommandRequest
  readonly data: Readonly<Record<string, unknown>>
  /** Values that the vault is to keep before the decision takes effect. */
  readonly vaulted: readonly { readonly reference: string; readonly value: string }[]
  readonly stream: string
  readonly tenant: string
  readonly payloadHash: string
  readonly now: () => string
}

/** Validates, fills in a missing id, hashes secrets, and finds the stream. Throws when no aggregate decides the command. */
export function prepare(ports: CommandPorts, request: CommandRequest): Prepared {
  const owner = ownersByType(ports.app, "commands").get(request.type)
  if (owner === undefined) throw new Error(`no aggregate decides ${request.type}`)
  const { aggregate, context } = owner
  const { info } = request
  const name = request.type.slice(context.name.length + 1)
  const { schema } = commandOf(aggregate, name)
  const id = request.data[aggregate.key] ?? ports.hash(`${info.actor.id}/${info.commandId}`)
  const parsed = schema.safeParse({ ...request.data, [aggregate.key]: id })
  const data: Record<string, unknown> = parsed.success
    ? { ...(parsed.data as object) }
    : { ...request.data, [aggregate.key]: id }
  const tenantField = ports.app.tenancy.field
  const tenant = String(data[tenantField] ?? (aggregate.key === tenantField ? id : info.tenant))
  const vaulted: { reference: string; value: string }[] = []
  for (const [field, value] of Object.entries(data)) {
    const meta = metaOf(schema.shape[field])
    if (typeof value !== "string" || meta.secret !== true) continue
    const reference = ports.hash(meta.vaulted === true ? `${tenant}/${value}` : value)
    if (meta.vaulted === true) vaulted.push({ reference, value })
    data[field] = reference
  }
  const issue = parsed.success ? undefined : parsed.error.issues[0]
  return {
    owner,
    command: { type: name, data },
    invalid: issue === undefined ? undefined : { code: "Invalid", message: issue.message, path: issue.path.join(".") },
    request,
    data,
    vaulted,
    stream: streamOf({ tenant, aggregate: aggregate.name, id: String(id) }),
    tenant,
    now: ports.now,
    payloadHash: ports.hash(canonicalJson([request.type, request.data, request.expectedVersion ?? null])),
  }
}
