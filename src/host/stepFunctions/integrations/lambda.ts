import { AwsError, type Json, type JsonObject } from "../../host.ts"
import { objectOf, textOf } from "../../json.ts"
import { parseFunctionReference } from "../../lambda/function.ts"
import { StateFailure } from "../language/failure.ts"
import { rolePrincipal } from "../stateMachine.ts"
import type { Call, Surroundings } from "../surroundings.ts"

/** A function by its ARN: its result is the task's. */
export const functionCall = (functionArn: string): Call => ({
  resourceType: "lambda",
  resource: functionArn,
  isFunctionArn: true,
  waitsForToken: false,
  ask: async ({ around, parameters }) => (await invoke(around, functionArn, parameters)).payload,
})

/** `lambda:invoke`: the answer of Lambda's call, with the function's result as its Payload. */
export const lambdaInvokeCall = (resource: string, waitsForToken: boolean): Call => ({
  resourceType: "lambda",
  resource,
  waitsForToken,
  ask: async ({ around, parameters }) => {
    const { FunctionName, Qualifier, InvocationType, Payload = {} } = objectOf(parameters)
    const { name, qualifier } = nameOf(String(FunctionName))
    const wanted = textOf(Qualifier) ?? qualifier
    const { region, accountId } = around.host
    const arn = `arn:aws:lambda:${region}:${accountId}:function:${name}${wanted === undefined ? "" : `:${wanted}`}`
    if (InvocationType === "Event") return later(around, arn, Payload)
    const { payload, requestId } = await invoke(around, arn, Payload)
    return { ExecutedVersion: wanted ?? "$LATEST", Payload: payload, ...answered(200, requestId) }
  },
})

function nameOf(reference: string) {
  try {
    return parseFunctionReference(reference)
  } catch (error) {
    throw serviceFailure(error)
  }
}

async function later({ host, machine }: Surroundings, arn: string, payload: Json): Promise<Json> {
  try {
    const { requestId } = await host.lambda.invokeAsync(arn, payload, { principal: rolePrincipal(machine) })
    return { Payload: "", ...answered(202, requestId) }
  } catch (error) {
    throw serviceFailure(error)
  }
}

const answered = (status: number, requestId: string): JsonObject => ({
  SdkHttpMetadata: { HttpStatusCode: status },
  SdkResponseMetadata: { RequestId: requestId },
  StatusCode: status,
})

/** Throws StateFailure with the function's error type, or with the error of Lambda itself. */
async function invoke({ host, machine }: Surroundings, arn: string, payload: Json) {
  try {
    const result = await host.lambda.invoke(arn, payload, { principal: rolePrincipal(machine) })
    if (result.functionError === undefined) return result
    const type = textOf(objectOf(result.payload).errorType)
    throw new StateFailure(type ?? "Lambda.Unknown", JSON.stringify(result.payload))
  } catch (error) {
    throw error instanceof StateFailure ? error : serviceFailure(error)
  }
}

function serviceFailure(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error
  const isDenied = error.code === "AccessDeniedException"
  const name = isDenied ? "AWSLambdaException" : error.code
  const status = isDenied ? 403 : error.status
  const cause = `${error.message} (Service: AWSLambda; Status Code: ${status}; Error Code: ${error.code}; Proxy: null)`
  return new StateFailure(`Lambda.${name}`, cause, isDenied)
}
