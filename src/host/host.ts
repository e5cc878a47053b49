/**
 * The contract between the parts of the local host. Every AWS service is one folder that exports one `create…` function;
 * it sees the others only through this file. Nothing here knows a domain.
 */
import type { Buffer } from "node:buffer"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Duplex } from "node:stream"
import type { Clock } from "./clock.ts"
import type { DurableMap } from "./durable.ts"
import type { Faults } from "./faults.ts"
import type { Meter } from "./meter.ts"

export type { Fault, Faults, Hop } from "./faults.ts"
export type { Meter, Metered } from "./meter.ts"

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** Who signs a call. `root` may do everything; a role may do what its policies say; `anonymous` has signed nothing. */
export type Principal =
  | { kind: "root"; arn: string }
  | { kind: "role"; arn: string; roleName: string; sessionName: string; context?: SessionContext }
  | { kind: "anonymous" }

/** Condition keys that belong to a session, such as `cognito-identity.amazonaws.com:sub`. */
export type SessionContext = Readonly<Record<string, string | readonly string[]>>

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

export interface Queues {
  /** Sends to a queue by ARN. Throws AwsError when there is no such queue or its policy refuses `by`. */
  send(
    queueArn: string,
    body: string,
    attributes?: Readonly<Record<string, SentAttribute>>,
    by?: { service: string; sourceArn: string },
    groupId?: string,
  ): Promise<void>
  exists(queueArn: string): boolean
  receive(queueArn: string, max: number): Promise<readonly QueueMessage[]>
  delete(queueArn: string, receiptHandle: string): Promise<void>
  /** Makes messages visible again at once (a failed batch). */
  release(queueArn: string, receiptHandle: string, afterMs: number): Promise<void>
  /** Calls back whenever a message may have become visible. */
  onMessage(queueArn: string, wake: () => void): void
}

/** A message attribute: text, or a value of another type (`Number`) as text. */
export type SentAttribute = string | { readonly type: string; readonly value: string }

/** A received SQS message as a Lambda event record carries it. */
export interface QueueMessage {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly md5OfBody: string
  readonly attributes: Record<string, string>
  readonly messageAttributes: Record<string, { dataType: string; stringValue?: string; binaryValue?: string }>
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
}

export interface Topics {
  /** Publishes to a topic by ARN. Throws AwsError NotFoundException | AuthorizationErrorException. */
  publish(topicArn: string, message: string, by: { service: string; sourceArn: string }): Promise<void>
}

export interface DynamoDb {
  /** One DynamoDB call in wire form, e.g. `call("GetItem", { TableName, Key })`. Throws AwsError as DynamoDB does. Not authorized: callers check `host.iam` first. */
  call(operation: string, input: JsonObject): Promise<JsonObject>
  tableArn(tableName: string): string
  streamArn(tableName: string): string | undefined
  /** Records after a checkpoint, oldest first, as a Lambda event carries them (AWS ARNs and region, 21-digit sequence numbers). */
  readStream(streamArn: string, after: StreamPosition, limit: number): Promise<readonly StreamRecord[]>
  /** Calls back after each write to the table behind the stream. */
  onWrite(streamArn: string, wake: () => void): void
}

export type StreamPosition = { after: string } | "TRIM_HORIZON" | "LATEST"

export interface StreamRecord {
  readonly eventID: string
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE"
  readonly eventVersion: "1.1"
  readonly eventSource: "aws:dynamodb"
  readonly awsRegion: string
  readonly eventSourceARN: string
  readonly userIdentity?: { type: "Service"; principalId: "dynamodb.amazonaws.com" }
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number
    readonly Keys: JsonObject
    readonly NewImage?: JsonObject
    readonly OldImage?: JsonObject
    readonly SequenceNumber: string
    readonly SizeBytes: number
    readonly StreamViewType: string
  }
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

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

export interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | string
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
  readonly dynamodb: DynamoDb
  readonly userPools: UserPools
  readonly mailbox: Mailbox
}
