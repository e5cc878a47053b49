import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose"
import type { FieldCall, FieldError, FieldResult, Resolvers } from "../../../src/host/appsync/contract.ts"
import { createAppSyncService } from "../../../src/host/appsync/service.ts"
import { createClock } from "../../../src/host/clock.ts"
import { openDurableMap } from "../../../src/host/durable.ts"
import {
  AwsError,
  type Host,
  type InvokeResult,
  type Json,
  type JsonObject,
  type ResourceRequest,
  type Service,
} from "../../../src/host/host.ts"
import { createIamService } from "../../../src/host/iam/service.ts"

export type FieldHandler = (call: FieldCall) => Json | Partial<FieldResult> | Promise<Json | Partial<FieldResult>>

/** Resolvers written in the test, by `Type.field`. A handler gives a value, or a whole result made by `result`. */
export function resolversOf(
  fields: Record<string, FieldHandler>,
  batched: Record<string, (calls: readonly FieldCall[]) => Json[]> = {},
): Resolvers {
  const finish = (given: Json | Partial<FieldResult>): FieldResult => {
    const whole = isResult(given) ? given : { value: given as Json }
    return { value: null, errors: [], invalidations: [], responseHeaders: {}, ...whole }
  }
  return {
    has: (type, field) => `${type}.${field}` in fields || `${type}.${field}` in batched,
    run: async call => finish((await fields[`${call.parentType}.${call.fieldName}`]?.(call)) ?? null),
    batchSize: (type, field) => (`${type}.${field}` in batched ? 2000 : 0),
    runBatch: async calls => (batched[`${calls[0]?.parentType}.${calls[0]?.fieldName}`]?.(calls) ?? []).map(finish),
  }
}

const marks = new WeakSet<object>()

/** More than a value: errors, filters, invalidations. */
export function result(given: Partial<FieldResult>): Partial<FieldResult> {
  marks.add(given)
  return given
}

export const failed = (message: string, errorType: string | null = null, more: Partial<FieldError> = {}) =>
  result({ errors: [{ message, errorType, ...more }] })

const isResult = (given: Json | Partial<FieldResult>): given is Partial<FieldResult> =>
  typeof given === "object" && given !== null && marks.has(given)

export interface ApiHost {
  readonly host: Host
  readonly service: Service
  readonly url: string
  readonly apiId: string
  readonly apiKey: string
  /** Answers the function at an ARN, as a Lambda does. */
  readonly functions: Map<string, (payload: Json) => Json>
  create(type: string, properties: JsonObject, name?: string): { ref: string; attributes: Record<string, Json> }
  role(name: string, statements: JsonObject[]): string
  /** A token of the one local user pool, `pool-1`. */
  token(claims: JsonObject): Promise<string>
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>
  query(query: string, variables?: JsonObject, headers?: Record<string, string>): Promise<GraphqlAnswer>
  stop(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: GraphqlAnswer
}

export interface GraphqlAnswer {
  readonly data?: JsonObject | null
  readonly errors?: JsonObject[]
}

export interface ApiOptions {
  readonly schema?: string
  readonly resolvers?: Resolvers
  readonly api?: JsonObject
}

/** A host with AppSync alone behind a real HTTP server, and one API in it. */
export async function startApi({ schema, resolvers = resolversOf({}), api = {} }: ApiOptions): Promise<ApiHost> {
  let service: Service | undefined
  const server = createServer((request, response) => {
    const handled = service?.http?.(request, response, new URL(request.url ?? "/", url))
    Promise.resolve(handled).then(done => done || response.writeHead(404).end())
  })
  server.on("upgrade", (request, socket, head) => {
    if (!service?.upgrade?.(request, socket, head, new URL(request.url ?? "/", url))) socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const functions: ApiHost["functions"] = new Map()
  const pool = await createPool(url)
  const host = {
    region: "eu-west-1",
    accountId: "123456789012",
    url,
    clock: createClock(),
    durable: () => openDurableMap(),
    faults: { at: () => undefined },
    log: { info: () => {}, warn: () => {}, lambda: () => {} },
    lambda: { exists: () => true, invoke: async (arn: string, payload: Json) => invoke(functions, arn, payload) },
    userPools: { verify: (token: string) => pool.verify(token, host.clock.now()) },
  } as unknown as Host
  const iam = createIamService(host)
  Object.assign(host, { iam })
  service = createAppSyncService(host, () => resolvers)

  const create: ApiHost["create"] = (type, properties, name = type.split("::")[2] ?? "") => {
    const created = service?.resources?.[type]?.create(resource(type, name, properties))
    if (created === undefined || created instanceof Promise) throw new Error(`no provider for ${type}`)
    return { attributes: {}, ...created }
  }
  const apiId = String(
    create("AWS::AppSync::GraphQLApi", { Name: "test", AuthenticationType: "API_KEY", ...api }).attributes.ApiId,
  )
  const apiKey = String(create("AWS::AppSync::ApiKey", { ApiId: apiId }).attributes.ApiKey)
  if (schema !== undefined) create("AWS::AppSync::GraphQLSchema", { ApiId: apiId, Definition: schema })
  await service.start?.()

  const post: ApiHost["post"] = async (body, headers = { "x-api-key": apiKey }) => {
    const text = typeof body === "string" ? body : JSON.stringify(body)
    const response = await fetch(`${url}/graphql`, { method: "POST", body: text, headers })
    return { status: response.status, headers: response.headers, body: (await response.json()) as GraphqlAnswer }
  }
  return {
    host,
    service,
    url,
    apiId,
    apiKey,
    functions,
    create,
    post,
    role: (name, statements) => {
      const document = { Version: "2012-10-17", Statement: statements }
      const properties = { RoleName: name, Policies: [{ PolicyName: "p", PolicyDocument: document }] }
      iam.resources?.["AWS::IAM::Role"]?.create(resource("AWS::IAM::Role", name, properties))
      return `arn:aws:iam::${host.accountId}:role/${name}`
    },
    token: claims => pool.sign(claims, host.clock.now()),
    query: async (query, variables = {}, headers) => (await post({ query, variables }, headers)).body,
    stop: async () => {
      await service?.stop?.()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const resource = (type: string, name: string, properties: JsonObject): ResourceRequest => ({
  logicalId: name,
  stackName: "test",
  type,
  properties,
  metadata: {},
  physicalName: name,
})

function invoke(functions: ApiHost["functions"], arn: string, payload: Json): InvokeResult {
  try {
    return { requestId: "r", payload: functions.get(arn)?.(payload) ?? null }
  } catch (error) {
    return { requestId: "r", functionError: "Unhandled", payload: { errorMessage: String(error) } }
  }
}

/** An issuer with one key: the tokens of a user pool. */
async function createPool(url: string) {
  const { publicKey, privateKey } = await generateKeyPair("ES256")
  const issuer = `${url}/pool-1`
  return {
    jwk: await exportJWK(publicKey),
    sign: (claims: JsonObject, now: number) =>
      new SignJWT({ iss: issuer, exp: Math.floor(now / 1000) + 3600, ...claims })
        .setProtectedHeader({ alg: "ES256", kid: "1" })
        .sign(privateKey),
    verify: async (token: string, now: number) => {
      const verified = await jwtVerify(token, publicKey, { currentDate: new Date(now) }).catch(error => {
        if (error.code === "ERR_JWT_EXPIRED") throw new AwsError("UnauthorizedException", "Token has expired.", 401)
        return undefined
      })
      if (verified?.payload.iss !== issuer) return undefined
      return { poolId: "pool-1", claims: verified.payload as JsonObject }
    },
  }
}
