/**
 * The contract between the parts of the local host. Every AWS service is one folder that exports one `create…` function;
 * it sees the others only through this file. Nothing here knows a domain.
 */
import type { Buffer } from "node:buffer"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import type { Clock } from "./clock.ts"
import type { DurableMap } from "./durable.ts"
import type { DynamoDb } from "./dynamodb/contract.ts"
import type { Faults } from "./faults.ts"
import type { Iam } from "./iam/contract.ts"
import type { Meter } from "./meter.ts"
import type { Queues } from "./sqs/contract.ts"
import type { Json, JsonObject, Principal } from "./values.ts"

export type { DynamoDb, StreamPosition, StreamRecord } from "./dynamodb/contract.ts"
export type { Fault, Faults, Hop } from "./faults.ts"
export type { Credentials, Iam, SignedRequest } from "./iam/contract.ts"
export type { Meter, Metered } from "./meter.ts"
export type { QueueMessage, Queues, SentAttribute } from "./sqs/contract.ts"
export type { Json, JsonObject, Principal, SessionContext } from "./values.ts"

/** One SDK call as it reached the endpoint. `operation` comes from X-Amz-Target; REST services look at method and path. */
export interface AwsCall {
  readonly service: string
  readonly operation: string | undefined
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly principal: Principal
  /** Unique for each call; goes out as x-amzn-requestid. */
  readonly requestId: string
}

export interface AwsReply {
  readonly status?: number
  readonly headers?: Record<string, string>
  /** An object is sent as JSON in the protocol's content type; a string or Buffer goes out as it is. */
  readonly body: JsonObject | string | Buffer
}

/** An error that an AWS service answers: `code` is its shape name (`ResourceNotFoundException`). The endpoint writes it on the wire. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number
  /** More members of the error shape, such as `CancellationReasons`. */
  readonly detail: JsonObject
  constructor(code: string, message: string, status = 400, detail: JsonObject = {}) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
    this.detail = detail
  }
}

/** What a provider throws for a resource that AWS has and this host has not: a stand-in takes its place, named at start. */
export class Unsupported extends Error {}

/** One resource of the template with every intrinsic of its properties resolved. */
export interface ResourceRequest {
  readonly logicalId: string
  readonly stackName: string
  readonly type: string
  readonly properties: JsonObject
  readonly metadata: JsonObject
  /** Name made as CloudFormation makes it when the template gives none: `<stack>-<logicalId>-<hash>`; stable between starts. */
  readonly physicalName: string
}

/** What `Ref` and `Fn::GetAtt` give for a created resource. */
export interface CreatedResource {
  readonly ref: string
  readonly attributes?: Record<string, Json>
}

/** Makes the resources of one CloudFormation type. Creating an existing one (a restart on kept data) updates it in place. */
export interface ResourceProvider {
  create(resource: ResourceRequest): Promise<CreatedResource> | CreatedResource
  /** Properties that this provider honours; any other that a template sets is named at start. Top-level names, or dotted for deeper ones. */
  readonly honours: readonly string[]
  /** Properties that make no difference on a laptop (tags, encryption at rest): accepted in silence. */
  readonly indifferent?: readonly string[]
}

/** One AWS service of the host. */
export interface Service {
  readonly name: string
  /** Signing names of the SDK calls that it answers ("dynamodb", "events"); empty when it answers none. */
  readonly signingNames: readonly string[]
  handle?(call: AwsCall): Promise<AwsReply>
  /** CloudFormation type → provider. */
  readonly resources?: Readonly<Record<string, ResourceProvider>>
  /** HTTP paths served beside the AWS endpoint. Returns false when the path is not this service's. */
  http?(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> | boolean
  /** Does the service itself say which origins may call this? Elsewhere any may. */
  ownsCors?(request: IncomingMessage, url: URL): boolean
  /** WebSocket upgrades. Returns false when the path is not this service's. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): boolean
  /** Called once after every resource exists; delivery loops begin here. */
  start?(): Promise<void> | void
  /** Ends every child, timer and thread of the service. */
  stop?(): Promise<void>
}

// ── what services ask of each other ─────────────────────────────────────────────────────────────────────────────────────────────
export interface InvokeResult {
  /** The handler's JSON result, or the error document `{errorType, errorMessage, trace}`. */
  readonly payload: Json
  readonly functionError?: "Unhandled" | "Handled"
  readonly requestId: string
}

export interface Lambda {
  /** Waits for the handler. Throws AwsError ResourceNotFoundException | TooManyRequestsException. `principal` is checked against the resource policy. */
  invoke(functionArn: string, payload: Json, by: InvokedBy): Promise<InvokeResult>
  /** Puts the event on the function's asynchronous queue (durable); its retries, maximum age, DLQ and destinations are the function's own. */
  invokeAsync(functionArn: string, payload: Json, by: InvokedBy): Promise<{ requestId: string }>
  exists(functionArn: string): boolean
  /** Starts an environment of each of the first `max` functions that has none, one after the other. */
  warm?(max: number): Promise<void>
  /** Ends the environment whose running invocation has this trace header, as when its machine dies; nothing when none has. */
  kill?(traceHeader: string): void
}

/** Which AWS service or principal invokes, for the function's resource policy; `messageId` names the message for fault plans. */
export interface InvokedBy {
  readonly service?: string
  readonly sourceArn?: string
  readonly principal?: Principal
  readonly messageId?: string
}

export interface BusEntry {
  readonly source?: string
  readonly detailType?: string
  /** JSON text of an object. */
  readonly detail?: string
  readonly time?: string
  readonly resources?: readonly string[]
  readonly bus?: string
}

export interface EventBuses {
  /** One result per entry, in order, as PutEvents answers. An accepted entry is durable when this returns. */
  put(
    entries: readonly BusEntry[],
    defaultBus?: string,
  ): Promise<readonly ({ EventId: string } | { ErrorCode: string; ErrorMessage: string })[]>
  /** Puts an event of an AWS service itself (`aws.s3`) on the default bus, which no `put` may. */
  announce?(source: string, detailType: string, detail: JsonObject, resources: readonly string[]): void
}

export interface Topics {
  /** Publishes to a topic by ARN; without `by` the caller has seen to the permission. Throws AwsError NotFoundException | AuthorizationErrorException. */
  publish(topicArn: string, message: string, by?: { service: string; sourceArn: string }): Promise<void>
}

export interface StateMachineCalls {
  /** Starts an execution with JSON text. Throws AwsError as StartExecution does. */
  startExecution(stateMachineArn: string, input: string, by: Principal, name?: string): Promise<void>
  /** The output of an Express execution. Throws AwsError with the execution's error, or as StartSyncExecution does. */
  startSyncExecution(stateMachineArn: string, input: string, by: Principal): Promise<Json>
}

export interface Mailbox {
  readonly messages: readonly Mail[]
  /** Puts in a mail that the host itself sends, such as a user pool's confirmation code. */
  deliver?(mail: Mail): void
}

export interface Mail {
  readonly messageId: string
  readonly at: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html?: string
}

/** Tokens of the local issuer. */
export interface UserPools {
  /** Claims of a valid token of any local pool, or undefined when the token is not ours. Throws AwsError UnauthorizedException when expired or forged. */
  verify(token: string): Promise<{ poolId: string; claims: JsonObject } | undefined>
}

export interface HostLog {
  /** A line for the person at the terminal. */
  info(component: string, message: string): void
  warn(component: string, message: string): void
  /** A Lambda's own output, with its request id; kept apart so that it can be shown or saved. */
  lambda(functionName: string, requestId: string, line: string): void
}

/** Finds what the template means by an asset's bucket and key. */
export interface Assets {
  /** Path of a folder or file; throws a clear Error naming bucket and key when the cloud assembly holds no such asset. */
  resolve(bucket: string, key: string): string
  /** The same for `s3://bucket/key`. */
  resolveUrl(url: string): string
}

/** What every service is given. Services are filled in before `create` of any resource is called. */
export interface Host {
  readonly region: string
  readonly accountId: string
  /** Base URL of the one HTTP port, e.g. http://127.0.0.1:4000; known before any service starts. */
  readonly url: string
  /** Folder for what must survive a kill (a temporary one in fresh mode). */
  readonly dataFolder: string
  readonly clock: Clock
  readonly log: HostLog
  readonly faults: Faults
  /** Absent when nobody counts. */
  readonly meter?: Meter
  readonly assets: Assets
  /** A map that survives kill -9, by name. One caller per name. */
  durable<T extends Json>(name: string): DurableMap<T>
  readonly iam: Iam
  readonly lambda: Lambda
  readonly queues: Queues
  readonly buses: EventBuses
  readonly topics: Topics
  readonly stateMachines: StateMachineCalls
  readonly dynamodb: DynamoDb
  readonly userPools: UserPools
  readonly mailbox: Mailbox
}
