import { AwsError, type Host, type InvokedBy, type InvokeResult, type Json } from "../../host.ts"
import { rolePrincipal } from "../../lambda/function.ts"
import { withinTime } from "../timeLimit.ts"
import { methodArn } from "./context.ts"
import { refusals } from "./refusals.ts"
import type { RestIntegration } from "./registry.ts"
import type { RoutedRequest } from "./request.ts"
import { withVariables } from "./stageVariables.ts"

/** The function's own ARN in the URI of API Gateway's Lambda action; undefined when it names none. */
export const functionArnOf = (uri: string): string | undefined => /functions\/(arn:.+)\/invocations/.exec(uri)?.[1]

/** As whom API Gateway invokes a function: as itself for the method, or as the role that it is given. */
export function invokerOf(credentials: string | undefined, sourceArn: string): InvokedBy {
  return credentials === undefined || credentials.endsWith(":user/*")
    ? { service: "apigateway.amazonaws.com", sourceArn }
    : { principal: rolePrincipal({ name: "BackplaneAssumeRoleSession", arn: sourceArn, roleArn: credentials }) }
}

/** Invokes the function of an integration and waits for it. Throws Refused when it may not, cannot, or takes too long. */
export async function invokeFunction(
  host: Host,
  request: RoutedRequest,
  integration: RestIntegration,
  payload: Json,
): Promise<InvokeResult> {
  const { functionArn, by } = functionOf(host, request, integration)
  const invocation = host.lambda.invoke(functionArn, payload, by).catch(refuse)
  const result = await withinTime(host, integration.timeoutMs, invocation)
  if (result === "late") throw refusals.late()
  return result
}

/** Puts an event on the queue of the integration's function. Throws Refused. */
export async function queueEvent(
  host: Host,
  request: RoutedRequest,
  integration: RestIntegration,
  payload: Json,
): Promise<void> {
  const { functionArn, by } = functionOf(host, request, integration)
  await host.lambda.invokeAsync(functionArn, payload, by).catch(refuse)
}

function functionOf(host: Host, request: RoutedRequest, { uri, credentials }: RestIntegration) {
  const functionArn = functionArnOf(withVariables(uri, request.stage.variables))
  if (functionArn === undefined) throw refusals.configuration(`${uri} names no function`)
  const sourceArn = methodArn(host, request, request.resource.path)
  return { functionArn, by: invokerOf(credentials, sourceArn) }
}

function refuse(error: unknown): never {
  if (!(error instanceof AwsError)) throw error
  throw refusals.configuration(error.message)
}
