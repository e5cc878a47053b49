import type { Call } from "../surroundings.ts"
import { functionCall, lambdaInvokeCall } from "./lambda.ts"
import { type Nesting, nestedCall } from "./nested.ts"
import { optimizedCall, sdkCall } from "./sdkCall.ts"
import type { SdkClients } from "./sdkClients.ts"

const tokenPattern = "waitForTaskToken"

/** How the `Resource` of a Task state is called; undefined when this host does not know it. */
export function createCalls(clients: SdkClients, nesting: Nesting) {
  const known = new Map<string, Promise<Call | undefined>>()

  const find = async (resource: string): Promise<Call | undefined> => {
    if (/^arn:[^:]+:lambda:/.test(resource)) return functionCall(resource)
    const [, sdk, service = "", action = "", pattern] =
      /^arn:[^:]+:states:[^:]*:[^:]*:(aws-sdk:)?(\w+):(\w+)(?:\.([\w:]+))?$/.exec(resource) ?? []
    const waits = pattern === tokenPattern
    if (service === "states" && action === "startExecution") {
      if (pattern === "sync" || pattern === "sync:2") return nestedCall(nesting, pattern)
      if (pattern === undefined || waits) return nestedCall(nesting, waits ? "token" : "response")
    }
    if (pattern !== undefined && !waits) return undefined
    if (sdk !== undefined) return sdkCall(clients, service, action, waits)
    if (service === "lambda" && action === "invoke")
      return lambdaInvokeCall(waits ? `invoke.${pattern}` : action, waits)
    return optimizedCall(clients, service, action, waits)
  }

  return (resource: string): Promise<Call | undefined> => {
    const found = known.get(resource) ?? find(resource)
    known.set(resource, found)
    return found
  }
}
