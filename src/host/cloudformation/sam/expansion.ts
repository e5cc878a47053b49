import type { Json, JsonObject } from "../../host.ts"
import type { RestRoute } from "./restRoute.ts"

/** One serverless resource that becomes CloudFormation resources. */
export interface Expansion {
  readonly logicalId: string
  /** Its properties over those of the template's `Globals`. */
  readonly properties: JsonObject
  /** Puts a resource into the template; it keeps the condition of the serverless one. */
  add(logicalId: string, type: string, properties: JsonObject): void
  /** Says which resource a template means by `<logicalId>.<name>`. */
  makes(name: string, logicalId: string): void
  /** Properties of the resource that a `Ref` names, open for additions; undefined when it is not in this template. */
  referred(reference: Json | undefined): JsonObject | undefined
  /** Type of a resource of this template as it is declared. */
  typeOf(logicalId: string): string | undefined
  /** The HTTP API that events without an `ApiId` belong to; made when it is first asked for. */
  implicitHttpApi(): JsonObject
  /** Puts a route on a REST API of this template; the one that events without a `RestApiId` belong to is made by it. */
  addRestRoute(apiId: string, route: RestRoute): void
  /** The routes that events have put on this REST API. */
  restRoutes(): readonly RestRoute[]
  /** Adds a stage to those of a usage plan, and gives them all. */
  planned(planOwner: string, stage: JsonObject): readonly JsonObject[]
}

export const implicitHttpApiId = "ServerlessHttpApi"
export const implicitRestApiId = "ServerlessRestApi"

export const ref = (logicalId: string): JsonObject => ({ Ref: logicalId })

export const attribute = (logicalId: string, name: string): JsonObject => ({ "Fn::GetAtt": [logicalId, name] })

/** `arn:…` with the partition, region and account of the stack in place of `$here`. */
export const arn = (service: string, resource: string, variables: JsonObject = {}): JsonObject => ({
  "Fn::Sub": [`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`, variables],
})

/** The members with these names that the object has. */
export const picked = (from: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap(name => (from[name] === undefined ? [] : [[name, from[name]]])))

/** The member under this name when there is a value, else no member. */
export const optional = (name: string, value: Json | undefined): JsonObject =>
  value === undefined || value === null ? {} : { [name]: value }

export const policyDocument = (statements: Json[]): JsonObject => ({ Version: "2012-10-17", Statement: statements })

/** A role that an AWS service may take. */
export const roleOf = (service: string, statements: Json[], managed: Json[] = []): JsonObject => ({
  AssumeRolePolicyDocument: policyDocument([
    { Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" },
  ]),
  ...(statements.length > 0 && { Policies: [{ PolicyName: "Access", PolicyDocument: policyDocument(statements) }] }),
  ...(managed.length > 0 && { ManagedPolicyArns: managed }),
})

export const allow = (actions: readonly string[], resources: Json): JsonObject => ({
  Effect: "Allow",
  Action: [...actions],
  Resource: resources,
})

/** Where packaged code lies: a path beside the template, `s3://bucket/key`, or bucket and key. */
export function codeLocation(uri: Json | undefined): JsonObject {
  if (typeof uri !== "string") {
    const { Bucket, Key } = (uri ?? {}) as JsonObject
    return { S3Bucket: Bucket ?? "", S3Key: Key ?? "" }
  }
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? []
  return bucket !== undefined && key !== undefined ? { S3Bucket: bucket, S3Key: key } : { S3Bucket: "", S3Key: uri }
}
