import { AwsError, type Host, type InvokeResult, type Json } from "../../host.ts"
import {
  BadRequest,
  type CreateDataSource,
  type DataSourceDefinition,
  isJsonObject,
  operationOf,
  requestObject,
  required,
  rolePrincipal,
  type SourceResult,
} from "./dataSource.ts"

/**
 * AWS_LAMBDA: Invoke and BatchInvoke; the function gets the payload. `invocationType: "Event"` does not wait and gives null. Whether
 * the service role may invoke is checked where the function is.
 */
export const createLambdaSource: CreateDataSource = (host, definition) => {
  const invoke = invoker(host, definition)
  return {
    name: definition.name,
    type: definition.type,
    invoke: async input => {
      const request = requestObject(input)
      const operation = operationOf(request)
      if (operation !== "Invoke" && operation !== "BatchInvoke")
        throw new BadRequest(`Unsupported operation '${operation}'.`)
      const payload = request.payload ?? null
      if (operation === "Invoke") return invoke(payload, request.invocationType === "Event")
      const [result] = await invokeBatch(invoke, [payload])
      return result ?? { result: null }
    },
    invokeBatch: async requests => {
      const first = requestObject(requests[0] ?? null)
      if (operationOf(first) !== "BatchInvoke")
        throw new BadRequest("A resolver with MaxBatchSize must answer BatchInvoke.")
      return invokeBatch(
        invoke,
        requests.map(request => requestObject(request).payload ?? null),
      )
    },
  }
}

type Invoke = (payload: Json, event: boolean) => Promise<SourceResult>

function invoker(host: Host, definition: DataSourceDefinition): Invoke {
  const functionArn = required(definition, "LambdaFunctionArn")
  const principal = rolePrincipal(definition)
  return async (payload, event) => {
    try {
      if (event) {
        await host.lambda.invokeAsync(functionArn, payload, { principal })
        return { result: null }
      }
      return resultOf(await host.lambda.invoke(functionArn, payload, { principal }))
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      return { result: null, error: { type: `Lambda:${error.code}`, message: error.message } }
    }
  }
}

function resultOf({ payload, functionError }: InvokeResult): SourceResult {
  if (functionError === undefined) return { result: payload }
  const message = isJsonObject(payload) ? payload.errorMessage : undefined
  return { result: null, error: { type: `Lambda:${functionError}`, message: String(message ?? "Unhandled") } }
}

/** The function gets a list and answers a list of the same size; an element `{data, errorMessage, errorType}` can fail alone. */
async function invokeBatch(invoke: Invoke, payloads: readonly Json[]): Promise<readonly SourceResult[]> {
  const { result, error } = await invoke([...payloads], false)
  if (error !== undefined) return payloads.map(() => ({ result: null, error }))
  if (!Array.isArray(result) || result.length !== payloads.length) {
    const wrong = {
      type: "MappingTemplate",
      message: "BatchInvoke response must be a list of the size of the request.",
    }
    return payloads.map(() => ({ result: null, error: wrong }))
  }
  return result.map(elementResult)
}

function elementResult(element: Json): SourceResult {
  if (!isJsonObject(element) || !("data" in element || "errorMessage" in element)) return { result: element }
  const data = element.data ?? null
  if (element.errorMessage === undefined || element.errorMessage === null) return { result: data }
  return {
    result: data,
    error: { type: String(element.errorType ?? "Lambda:Unhandled"), message: String(element.errorMessage) },
  }
}
