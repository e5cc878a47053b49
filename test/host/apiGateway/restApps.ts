import { App, Duration, Stack } from "aws-cdk-lib"
import type { Integration, IntegrationResponse, MethodOptions, RestApi } from "aws-cdk-lib/aws-apigateway"
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda"
import type { JsonObject } from "../../../src/host/host.ts"
import type { HostOptions, RunningHost } from "../../../src/host/options.ts"
import { hostWith } from "../shell/localHost.ts"

export const region = "eu-west-1"

/** The resources that CDK synthesizes of a stack. */
export function synthesized(build: (stack: Stack) => void): JsonObject {
  const app = new App({ analyticsReporting: false })
  build(new Stack(app, "app"))
  return app.synth({ skipValidation: true }).getStackByName("app").template.Resources
}

/** A host on what CDK synthesizes of a stack. */
export const hostOf = (build: (stack: Stack) => void, options: Partial<HostOptions> = {}): Promise<RunningHost> =>
  hostWith(synthesized(build), { region, ...options })

export const functionWith = (stack: Stack, id: string, code: string): LambdaFunction =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: "index.handler",
    code: Code.fromInline(code),
    timeout: Duration.seconds(30),
  })

/** Status and JSON body of an answer. */
export const answerOf = async (answer: Response | Promise<Response>): Promise<[number, unknown]> => {
  const { status } = await answer
  return [status, await (await answer).json()]
}

/** CDK takes its time to synthesize. */
export const synthTimeoutMs = 60_000

/** Integration responses with an answer of 200 by default. */
export const ok = (more: Partial<IntegrationResponse> = {}): IntegrationResponse[] => [{ statusCode: "200", ...more }]

/** A template for JSON. */
export const templates = (template: string) => ({ "application/json": template })

export const answers: MethodOptions = { methodResponses: [{ statusCode: "200" }] }

/** Puts a method with this integration on a path of an API. */
export const adder =
  (api: RestApi) =>
  (path: string, method: string, integration: Integration, options: MethodOptions = answers): unknown =>
    api.root.resourceForPath(path).addMethod(method, integration, options)

/** Posts JSON, or a text as it is. */
export const posting =
  (call: (path: string, init?: RequestInit) => Promise<Response>) =>
  (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    })
