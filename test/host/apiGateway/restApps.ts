import { App, Stack } from "aws-cdk-lib"
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
  new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: "index.handler", code: Code.fromInline(code) })

/** Status and JSON body of an answer. */
export const answerOf = async (answer: Response | Promise<Response>): Promise<[number, unknown]> => {
  const { status } = await answer
  return [status, await (await answer).json()]
}

/** CDK takes its time to synthesize. */
export const synthTimeoutMs = 60_000
