import { mayAsk } from "../access.ts"
import { commandOf } from "../aggregate.ts"
import { commandToCloudEvent } from "../cloudEvent.ts"
import { canonicalJson } from "../json.ts"
import { type App, aggregateOfCommand, busType, type Context } from "../manifest.ts"
import type { Actor, CommandInfo } from "../message.ts"
import type { Outcome } from "../outcome.ts"
import type { Publisher, ViewStore } from "../ports.ts"
import {
  type Client,
  type CommandRoute,
  type RestAnswer,
  type RestError,
  type RestRequest,
  type RowsRoute,
  routeKey,
} from "../rest.ts"
import { partitionKey, storedName } from "../view.ts"
import { awaitOutcome, type WaitingPorts } from "./awaitOutcome.ts"

/** A list over REST has no pages: it may have so many rows. */
export const restRowsMax = 1_000

export interface RestPorts extends WaitingPorts {
  readonly app: App
  readonly views: Pick<ViewStore, "list">
  readonly publisher: Publisher
  /** SHA-256 as base64url. */
  readonly hash: (text: string) => string
  readonly newId: () => string
  readonly now: () => string
}

/** A request as it reached the API; `client` is absent when the credential does not count. */
export interface RestCall {
  /** `GET /copies/{copyId}` */
  readonly route: string
  readonly path: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly client: Client | undefined
  /** Chosen by the caller: the same request sent again with it takes effect once. */
  readonly idempotencyKey: string | undefined
  readonly traceparent: string | undefined
}

/** An answer on the wire. */
export interface RestReply extends RestAnswer {
  readonly headers: Readonly<Record<string, string>>
}

const ownErrors = {
  Invalid: { status: 400, code: "invalid_argument", type: "invalid_request" },
  NotAuthorized: { status: 403, code: "forbidden", type: "auth" },
  VersionConflict: { status: 409, code: "version_conflict", type: "invalid_request" },
  CommandIdReused: { status: 422, code: "idempotency_key_reused", type: "invalid_request" },
  TooLarge: { status: 413, code: "too_large", type: "invalid_request" },
} as const

/** Answers one request: from rows of a view, or by asking for a command and waiting for its outcome. */
export async function serveRest(ports: RestPorts, call: RestCall): Promise<RestReply> {
  const { app } = ports
  const found = routesOf(app).get(call.route)
  if (found === undefined)
    return refuse({ status: 404, code: "not_found", type: "invalid_request", message: "There is nothing here." })
  if (call.client === undefined)
    return refuse({
      status: 401,
      code: "unauthorized",
      type: "auth",
      message: `The header ${app.clients?.header} holds no key that counts.`,
    })
  const body = parsed(call.body)
  if ("unreadable" in body) return refuse({ ...ownErrors.Invalid, message: `The body is not JSON: ${body.unreadable}` })
  const request = { tenant: call.client.tenant, path: call.path, body: body.json }
  const actor: Actor = { id: call.client.id, kind: "client", groups: [], role: call.client.role }
  return "view" in found.route
    ? readRows(ports, found.route, request, actor)
    : askCommand(ports, found.context, found.route, request, actor, call)
}

async function readRows(
  { app, views }: RestPorts,
  route: RowsRoute,
  request: RestRequest,
  actor: Actor,
): Promise<RestReply> {
  const fields = { [app.tenancy.field]: request.tenant, ...route.key(request) }
  if (!mayAsk(route.view.authorize, actor, fields, app.tenancy))
    return refuse({ ...ownErrors.NotAuthorized, message: "This key may not read this." })
  const rows = await views.list(partitionKey(storedName(route.view), route.view.partition, fields), restRowsMax)
  const answer = route.answer(rows.map(({ row }) => row) as never[], request)
  return "code" in answer ? refuse(answer) : { ...answer, headers: {} }
}

async function askCommand(
  ports: RestPorts,
  context: Context,
  route: CommandRoute,
  request: RestRequest,
  actor: Actor,
  { idempotencyKey, traceparent }: RestCall,
): Promise<RestReply> {
  const { app } = ports
  const { type } = route.command
  const aggregate = aggregateOfCommand(app, type)
  const data = { ...clean(route.data(request)), [app.tenancy.field]: request.tenant }
  if (!mayAsk(commandOf(aggregate, type).authorize, actor, data, app.tenancy))
    return refuse({ ...ownErrors.NotAuthorized, message: "This key may not do this." })

  const key = idempotencyKey ?? ports.newId()
  const { role: _, ...asking } = actor
  const info: CommandInfo = {
    id: ports.newId(),
    commandId: ports.hash(`${type}/${key}`),
    traceId: ports.newId(),
    hops: 0,
    actor: asking,
    tenant: request.tenant,
    time: ports.now(),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
  const event = commandToCloudEvent(context.name, { type, data }, info)
  await ports.publisher.publish([{ channel: "actor", event }])
  const payloadHash = ports.hash(canonicalJson([busType(context.name, type), data, null]))
  const outcome = await awaitOutcome(ports, info, payloadHash)
  const headers = { "idempotency-key": key, "x-trace-id": info.traceId }
  if (outcome === "late")
    return refuse(
      {
        status: 503,
        code: "not_decided_yet",
        type: "internal",
        message: "This takes longer than usual; send it again with the same Idempotency-Key.",
      },
      { ...headers, "retry-after": "2" },
    )
  const error = errorOf(context, outcome)
  return error === undefined ? { status: 200, body: route.answer(request), headers } : refuse(error, headers)
}

/** How a client reads an outcome that is none; undefined when the command took effect, or was so already. */
function errorOf(context: Context, outcome: Outcome): RestError | undefined {
  if (outcome.status === "COMMITTED") return undefined
  if (outcome.status === "FAILED")
    return {
      status: 500,
      code: "internal",
      type: "internal",
      message: "This could not be decided; support can see why.",
    }
  const { code, message, path } = outcome.rejection
  const { refusals = {} } = context.rest ?? {}
  const known = refusals[`${code}:${path}`] ?? refusals[code] ?? ownErrors[code as keyof typeof ownErrors]
  const text = code === "Invalid" && path !== undefined && path !== "" ? `${path}: ${message}` : message
  return { ...(known ?? { status: 400, code, type: "invalid_request" }), message: text }
}

/** Every client finds the words that it looks for. */
const refuse = ({ status, code, type, message }: RestError, headers: RestReply["headers"] = {}): RestReply => ({
  status,
  body: { message, error: message, code, type, link: "" },
  headers,
})

function parsed(body: string | undefined): { readonly json: unknown } | { readonly unreadable: string } {
  if (body === undefined || body.trim() === "") return { json: undefined }
  try {
    return { json: JSON.parse(body) }
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) }
  }
}

/** As it will be on the bus. */
const clean = (data: Readonly<Record<string, unknown>>): Record<string, unknown> => JSON.parse(JSON.stringify(data))

const routesByApp = new WeakMap<App, ReadonlyMap<string, { context: Context; route: CommandRoute | RowsRoute }>>()

function routesOf(app: App) {
  const known =
    routesByApp.get(app) ??
    new Map(
      app.contexts.flatMap(context =>
        (context.rest?.routes ?? []).map(route => [routeKey(route), { context, route }] as const),
      ),
    )
  routesByApp.set(app, known)
  return known
}
