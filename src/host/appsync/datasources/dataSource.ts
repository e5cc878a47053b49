import type { Host, Json, JsonObject, Principal } from "../../host.ts"
import type { FieldCall, FieldError } from "../contract.ts"

/** A data source as `AWS::AppSync::DataSource` declares it; `config` is the `…Config` of its type, such as `DynamoDBConfig`. */
export interface DataSourceDefinition {
  readonly name: string
  readonly type: string
  readonly serviceRoleArn?: string
  readonly config?: JsonObject
}

/** What a data source is told about the field beside the request. */
export interface SourceCall {
  /** Identifies the resolver or function, for what is bound to it (`nextToken`). */
  readonly resolverId: string
  readonly field: FieldCall
}

/** A failed request may still have a result, as after a failed condition. */
export interface SourceResult {
  readonly result: Json
  readonly error?: { readonly message: string; readonly type: string }
}

/** A data source that takes the evaluated request of a handler. Throws {@link BadRequest} when the request makes no sense. */
export interface DataSource {
  readonly name: string
  readonly type: string
  invoke(request: Json, call: SourceCall): Promise<SourceResult>
  /** BatchInvoke of several requests at once; only Lambda has it. */
  invokeBatch?(requests: readonly Json[], call: SourceCall): Promise<readonly SourceResult[]>
}

/** The request is not what the data source takes: the field fails without `ctx.error`. */
export class BadRequest extends Error {
  readonly field: FieldError
  constructor(message: string, errorType = "MappingTemplate") {
    super(message)
    this.field = { message, errorType }
  }
}

/** Who calls the service behind the data source: its service role. Throws when the template gives none. */
export function rolePrincipal(definition: DataSourceDefinition): Extract<Principal, { kind: "role" }> {
  const arn = definition.serviceRoleArn
  if (arn === undefined) {
    throw new Error(
      `The data source ${definition.name} (${definition.type}) has no ServiceRoleArn: give it a role that AppSync may assume.`,
    )
  }
  const roleName = arn.slice(arn.lastIndexOf("/") + 1)
  const account = arn.split(":")[4] ?? ""
  const session = `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`
  return { kind: "role", arn: session, roleName, sessionName }
}

const sessionName = "APPSYNC_ASSUME_ROLE"

/** A text member of the configuration; throws a sentence that names the data source when it is missing. */
export function required(definition: DataSourceDefinition, ...path: string[]): string {
  let value: Json | undefined = definition.config
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined
  if (typeof value === "string") return value
  throw new Error(
    `The data source ${definition.name} (${definition.type}) needs ${path.join(".")} in its configuration.`,
  )
}

/** A JSON object, not an array. */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The request as an object; throws {@link BadRequest} when it is something else. */
export function requestObject(request: Json): JsonObject {
  if (isJsonObject(request)) return request
  throw new BadRequest("Unable to transform Response template: the request is not an object.")
}

/** The operation of a request; AppSync's sentence when there is none. */
export function operationOf(request: JsonObject): string {
  if (typeof request.operation === "string") return request.operation
  throw new BadRequest("Value for field '$[operation]' not found.")
}

/** Makes a data source of one type. */
export type CreateDataSource = (host: Host, definition: DataSourceDefinition) => DataSource
