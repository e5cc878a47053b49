import type { JsonObject } from "../../host.ts"
import { listOf, objectOf } from "../../json.ts"
import { StateFailure } from "../language/failure.ts"
import type { Call, Surroundings } from "../surroundings.ts"
import { commandOf, type SdkClients } from "./sdkClients.ts"
import { fromSdk, withCase } from "./sdkPayload.ts"
import { optimizedServices, type SdkService, sdkServices } from "./sdkServices.ts"

/** `aws-sdk:<service>:<action>`; undefined when this host has no such service, or the service no such action. */
export async function sdkCall(
  clients: SdkClients,
  service: string,
  action: string,
  waitsForToken: boolean,
): Promise<Call | undefined> {
  const sdk = Object.hasOwn(sdkServices, service) ? sdkServices[service] : undefined
  const Command = sdk && (await commandOf(sdk, action))
  if (sdk === undefined || Command === undefined) return undefined
  return {
    resourceType: `aws-sdk:${service}`,
    resource: waitsForToken ? `${action}.waitForTaskToken` : action,
    waitsForToken,
    ask: async ({ around, parameters, signal }) => {
      const client = await clients.clientOf(sdk, around.machine)
      const given = withTexts(objectOf(parameters))
      const input = sdk.isCamelCase === true ? withCase(given, "lower") : given
      try {
        const output = fromSdk(await client.send(new Command(input as object), { abortSignal: signal }), sdk)
        const { $metadata: _, ...members } = objectOf(await output)
        return sdk.isCamelCase === true ? withCase(members, "upper") : members
      } catch (error) {
        throw sdkFailure(error, sdk)
      }
    },
  }
}

/** An integration of its own, such as `dynamodb:putItem`; undefined when there is none. */
export async function optimizedCall(
  clients: SdkClients,
  name: string,
  action: string,
  waitsForToken: boolean,
): Promise<Call | undefined> {
  const optimized = Object.hasOwn(optimizedServices, name) ? optimizedServices[name] : undefined
  if (optimized === undefined || !optimized.actions.includes(action)) return undefined
  const sdk = sdkServices[optimized.service]
  const Command = sdk && (await commandOf(sdk, action))
  if (sdk === undefined || Command === undefined) return undefined
  return {
    resourceType: name,
    resource: waitsForToken ? `${action}.waitForTaskToken` : action,
    waitsForToken,
    ask: async ({ around, parameters, signal }) => {
      const client = await clients.clientOf(sdk, around.machine)
      const given = withTexts(objectOf(parameters))
      const input = name === "events" ? withResources(given, around) : given
      try {
        const output = objectOf(await fromSdk(await client.send(new Command(input), { abortSignal: signal }), sdk))
        const { $metadata, ...members } = output
        if (Number(members.FailedEntryCount ?? 0) > 0)
          throw new StateFailure("EventBridge.FailedEntry", JSON.stringify(members))
        const { httpStatusCode = 200, requestId = "" } = objectOf($metadata)
        const SdkHttpMetadata = { HttpStatusCode: httpStatusCode }
        return { ...members, SdkHttpMetadata, SdkResponseMetadata: { RequestId: requestId } }
      } catch (error) {
        throw error instanceof StateFailure ? error : optimizedFailure(error, optimized)
      }
    },
  }
}

const textMembers = ["MessageBody", "Message", "Input", "Payload"]

/** Tasks may give JSON where a service wants text. */
function withTexts(parameters: JsonObject): JsonObject {
  const given: JsonObject = {}
  for (const [name, value] of Object.entries(parameters))
    given[name] = textMembers.includes(name) && typeof value !== "string" ? JSON.stringify(value) : value
  if (parameters.Entries === undefined) return given
  const Entries = listOf(parameters.Entries).map(entry => {
    const { Detail, ...members } = objectOf(entry)
    if (Detail === undefined) return members
    return { ...members, Detail: typeof Detail === "string" ? Detail : JSON.stringify(Detail) }
  })
  return { ...given, Entries }
}

/** Events tell which execution of which state machine sent them. */
function withResources(parameters: JsonObject, { execution, machine }: Surroundings): JsonObject {
  const Entries = listOf(parameters.Entries).map(entry => ({
    ...objectOf(entry),
    Resources: [...listOf(objectOf(entry).Resources), execution.arn, machine.arn],
  }))
  return { ...parameters, Entries }
}

interface SdkError {
  readonly name: string
  readonly message: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
}

const isSdkError = (error: unknown): error is SdkError =>
  error instanceof Error && "$metadata" in error && (error as SdkError).$metadata?.httpStatusCode !== undefined

const isDenied = ({ name }: SdkError): boolean => /^(AccessDenied|AuthorizationError)/.test(name)

/** An error as the SDK for Java names it: `DynamoDb.ConditionalCheckFailedException`. */
function sdkFailure(error: unknown, { name: service }: SdkService): unknown {
  if (!isSdkError(error))
    return new StateFailure(`${service}.SdkClientException`, error instanceof Error ? error.message : String(error))
  const { httpStatusCode, requestId } = error.$metadata ?? {}
  const cause = `${error.message} (Service: ${service}, Status Code: ${httpStatusCode}, Request ID: ${requestId})`
  const denied = isDenied(error)
  return new StateFailure(`${service}.${denied ? `${service}Exception` : exceptionOf(error.name)}`, cause, denied)
}

function optimizedFailure(error: unknown, optimized: { name: string; base: string; inCause: string }): unknown {
  const { name, base, inCause } = optimized
  if (!isSdkError(error))
    return new StateFailure(`${name}.SdkClientException`, error instanceof Error ? error.message : String(error))
  const { httpStatusCode, requestId } = error.$metadata ?? {}
  const status = `Status Code: ${httpStatusCode}; Error Code: ${error.name}; Request ID: ${requestId}; Proxy: null`
  const denied = isDenied(error)
  const isOwn = !denied && error.name !== "ValidationException"
  const cause = `${error.message} (Service: ${inCause}; ${status})`
  return new StateFailure(`${name}.${isOwn ? exceptionOf(error.name) : base}`, cause, denied)
}

/** Java's exceptions end so, whatever the shape's name is. */
const exceptionOf = (name: string): string => (name.endsWith("Exception") ? name : `${name}Exception`)
