import { z } from "zod"
import { AwsError, type Host, type JsonObject, type Principal, type ResourceRequest } from "../host.ts"
import { findPython } from "./pythonSandbox.ts"

/** A deployed function's configuration. Times in milliseconds, memory in MB. */
export interface LambdaFunction {
  readonly name: string
  readonly arn: string
  readonly description: string
  readonly roleArn: string
  readonly handler: string
  readonly runtime: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly concurrencyReserved: number | undefined
  readonly deadLetterArn: string | undefined
  readonly logGroup: string
  /** Absolute path of the unpacked code. */
  readonly taskRoot: string
  /** Absolute path of the unpacked layers, which the function knows as /opt. */
  readonly optRoot?: string | undefined
}

/** What is needed of a function, or of a pipe, to read a source for it. */
export type SourceReader = Pick<LambdaFunction, "name" | "arn" | "roleArn">

const wholeNumber = z.coerce.number().int()

const FunctionProperties = z.object({
  FunctionName: z.string().optional(),
  Description: z.string().default(""),
  Role: z.string(),
  Handler: z.string().default(""),
  Runtime: z.string().optional(),
  PackageType: z.string().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  Timeout: wholeNumber.min(1).max(900).default(3),
  MemorySize: wholeNumber.min(128).max(10_240).default(128),
  ReservedConcurrentExecutions: wholeNumber.min(0).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).optional(),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).optional(),
})

/** Parses properties of a template; throws a one-line Error that names the resource and the property. */
export function parseProperties<T>(schema: z.ZodType<T>, resource: ResourceRequest): T {
  const parsed = schema.safeParse(resource.properties)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`${resource.logicalId} (${resource.type}): ${issue?.path.join(".")}: ${issue?.message}`)
}

/** The function that a template's `AWS::Lambda::Function` describes, with its code at `taskRoot`. */
export function describeFunction(host: Host, resource: ResourceRequest, taskRoot: string): LambdaFunction {
  const properties = parseProperties(FunctionProperties, resource)
  const name = functionNameOf(resource)
  return {
    name,
    arn: `arn:aws:lambda:${host.region}:${host.accountId}:function:${name}`,
    description: properties.Description,
    roleArn: properties.Role,
    handler: properties.Handler,
    runtime: properties.Runtime ?? (properties.PackageType === "Image" ? "a container image" : "no runtime"),
    environment: properties.Environment?.Variables ?? {},
    timeoutMs: properties.Timeout * 1000,
    memoryMb: properties.MemorySize,
    concurrencyReserved: properties.ReservedConcurrentExecutions,
    deadLetterArn: properties.DeadLetterConfig?.TargetArn,
    logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
    taskRoot,
  }
}

/** The name that the template gives, or the one CloudFormation makes. */
export function functionNameOf(resource: ResourceRequest): string {
  const given = resource.properties.FunctionName
  return typeof given === "string" ? given : resource.physicalName
}

/** Is the function in Python? It runs where the machine has one. */
export const isPython = ({ runtime }: Pick<LambdaFunction, "runtime">) => runtime.startsWith("python")

/** Why this host cannot run the function; undefined when it can. */
export function languageProblem(lambda: Pick<LambdaFunction, "name" | "runtime">): string | undefined {
  const { name, runtime } = lambda
  if (runtime.startsWith("nodejs") || (isPython(lambda) && findPython() !== undefined)) return undefined
  return isPython(lambda)
    ? `${name} uses ${runtime}, and this machine has no python3`
    : `${name} uses ${runtime}, and this host runs Node.js and Python functions only`
}

/** Whom the function is when AWS acts for it (reading its stream, sending to its destination). */
export function rolePrincipal(lambda: SourceReader): Principal {
  const roleName = lambda.roleArn.slice(lambda.roleArn.lastIndexOf("/") + 1)
  const accountId = lambda.roleArn.split(":")[4]
  const arn = `arn:aws:sts::${accountId}:assumed-role/${roleName}/${lambda.name}`
  return { kind: "role", arn, roleName, sessionName: lambda.name }
}

/** A function's name and qualifier from any way to name it: name, `name:alias`, partial ARN, ARN. */
export function parseFunctionReference(reference: string): { name: string; qualifier: string | undefined } {
  const match = /^(?:(?:arn:[^:]+:lambda:[^:]+:)?\d{12}:function:|function:)?([\w-]+)(?::([\w$-]+))?$/.exec(reference)
  if (match?.[1] === undefined) {
    throw new AwsError("InvalidParameterValueException", `Invalid function name or ARN: ${reference}`)
  }
  return { name: match[1], qualifier: match[2] }
}

/** The configuration as `GetFunctionConfiguration` answers it. */
export function functionConfiguration(lambda: LambdaFunction): JsonObject {
  return {
    FunctionName: lambda.name,
    FunctionArn: lambda.arn,
    Description: lambda.description,
    Runtime: lambda.runtime,
    Role: lambda.roleArn,
    Handler: lambda.handler,
    Timeout: lambda.timeoutMs / 1000,
    MemorySize: lambda.memoryMb,
    Version: "$LATEST",
    PackageType: "Zip",
    State: "Active",
    LastUpdateStatus: "Successful",
    Environment: { Variables: { ...lambda.environment } },
    LoggingConfig: { LogFormat: "Text", LogGroup: lambda.logGroup },
    ...(lambda.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: lambda.deadLetterArn } }),
  }
}
