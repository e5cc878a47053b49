import { type Context, util } from "@aws-appsync/utils"
import type { Caller } from "./parts/caller.ts"
import { failOnError } from "./parts/failure.ts"
import type { CommandConstants } from "./parts/stash.ts"

const commandCharactersMax = 200000
const idPattern = "^[0-9A-Za-z_-]{20,64}$"
const traceparentPattern = "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"

/** Publishes what was asked for as an ActorEvent and answers with a receipt. */
export function request(ctx: Context) {
  const { context, name, key, nullable }: CommandConstants = ctx.stash.command
  const caller: Caller = ctx.stash.caller
  const { commandId: given, expectedVersion, ...input } = ctx.args.input
  if (given && !util.matches(idPattern, given))
    util.error("commandId must be 20 to 64 letters, digits, - or _.", "InvalidCommandId")
  const data: Record<string, unknown> = {}
  for (const field of Object.keys(input))
    if (input[field] !== null || nullable.includes(field)) data[field] = input[field]
  if (JSON.stringify(data).length > commandCharactersMax)
    util.error(`A command may have at most ${commandCharactersMax} characters.`, "TooLarge")

  const hasVersion = expectedVersion !== null && expectedVersion !== undefined
  const receipt = receiptOf(ctx, given)
  ctx.stash.receipt = receipt
  const detail = {
    specversion: "1.0",
    id: util.autoUlid(),
    source: `/foldline/${context}`,
    type: `${context}.${name}`,
    time: receipt.acceptedAt,
    datacontenttype: "application/json",
    dataschema: `urn:foldline:${context}:${name}:1`,
    data,
    commandid: receipt.commandId,
    actor: caller.id,
    actorkind: caller.kind,
    tenant: receipt.tenant,
    ...threadOf(ctx, receipt.traceId),
    ...(data[key] ? { subject: data[key] } : {}),
    ...(caller.email ? { actoremail: caller.email } : {}),
    ...(caller.groups.length > 0 ? { actorgroups: caller.groups.join(",") } : {}),
    ...(hasVersion ? { expectedversion: expectedVersion } : {}),
  }
  return {
    operation: "PutEvents",
    events: [{ source: "foldline.actor", detailType: detail.type, detail, time: receipt.acceptedAt }],
  }
}

export function response(ctx: Context) {
  failOnError(ctx)
  const entry = ctx.result?.Entries ? ctx.result.Entries[0] : null
  if (!entry?.EventId || ctx.result.FailedEntryCount > 0)
    util.error("The command was not accepted; send it again with the same commandId.", "NotAccepted")
  return ctx.stash.receipt
}

function receiptOf(ctx: Context, given: string | null | undefined) {
  const { key }: CommandConstants = ctx.stash.command
  const { thread, input } = ctx.args
  return {
    commandId: given ? given : util.autoUlid(),
    traceId: thread ? thread.traceId : util.autoUlid(),
    status: "ACCEPTED",
    aggregateId: input[key],
    duplicate: false,
    protected: !!given,
    actor: ctx.stash.caller.id,
    tenant: tenantOf(ctx),
    acceptedAt: util.time.nowISO8601(),
  }
}

function tenantOf(ctx: Context): string {
  const { createsTenant }: CommandConstants = ctx.stash.command
  const caller: Caller = ctx.stash.caller
  if (createsTenant && caller.kind !== "automation") return caller.id
  const tenant = ctx.args.input[ctx.stash.authorization.tenantField]
  return tenant ? tenant : caller.id
}

function threadOf(ctx: Context, traceId: string) {
  const { thread } = ctx.args
  if (thread) return { traceid: traceId, causationid: thread.causationId, hops: thread.hops }
  const traceparent = ctx.request.headers.traceparent
  const isTraceparent = traceparent ? util.matches(traceparentPattern, traceparent) : false
  return { traceid: traceId, hops: 0, ...(isTraceparent ? { traceparent } : {}) }
}
