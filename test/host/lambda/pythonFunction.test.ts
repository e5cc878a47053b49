import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Json } from "../../../src/host/host.ts"
import { languageProblem } from "../../../src/host/lambda/function.ts"
import { findPython } from "../../../src/host/lambda/pythonSandbox.ts"
import { functionOf, hostWith, roleWith } from "../shell/localHost.ts"
import { type LambdaHost, startLambdaHost } from "./lambdaHost.ts"

let lambda: LambdaHost
beforeAll(async () => {
  lambda = await startLambdaHost()
})
afterAll(() => lambda.stop())

let count = 0
const deploy = (code: string, properties = {}) =>
  lambda.deploy(`snake${count++}`, { "index.py": code }, { Runtime: "python3.12", ...properties })
const invoke = async (code: string, event: Json = {}, properties = {}) =>
  lambda.service.invoke(await deploy(code, properties), event, {})

/** What holds depends on the machine: nothing else than Node.js is asked of it. */
if (findPython() === undefined)
  test("a function in Python is named with what is missing on a machine without it", () => {
    expect(languageProblem({ name: "snake", runtime: "python3.12" })).toBe(
      "snake uses python3.12, and this machine has no python3",
    )
  })
else describe("a function in Python", inPython)

function inPython() {
  test("gets the event and its context, and answers JSON", async () => {
    const code = `
import os
def handler(event, context):
    return {"got": event["a"], "name": context.function_name == os.environ["AWS_LAMBDA_FUNCTION_NAME"],
            "memory": context.memory_limit_in_mb, "left": 2000 < context.get_remaining_time_in_millis() <= 3000}`
    expect(await invoke(code, { a: "ä" })).toMatchObject({
      payload: { got: "ä", name: true, memory: "128", left: true },
    })
  })

  test("keeps what its module holds between invocations", async () => {
    const arn = await deploy("calls = []\ndef handler(event, context):\n    calls.append(1)\n    return len(calls)")
    await lambda.service.invoke(arn, {}, {})
    expect(await lambda.service.invoke(arn, {}, {})).toMatchObject({ payload: 2 })
  })

  test.each([
    ["raises", "def handler(e, c):\n    raise ValueError('no luck')", "ValueError", "no luck"],
    ["answers no JSON", "def handler(e, c):\n    return {1, 2}", "Runtime.MarshalError", "Unable to marshal response"],
    ["lacks a module", "import not_there", "Runtime.ImportModuleError", "Unable to import module 'index': No module"],
    ["has no handler", "x = 1", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'index'"],
    ["is no Python", "def handler(", "Runtime.UserCodeSyntaxError", "Syntax error in module 'index'"],
    [
      "takes too long",
      "import time\ndef handler(e, c):\n    time.sleep(9)",
      "Sandbox.Timedout",
      "timed out after 1.00",
    ],
    ["ends its process", "import os\ndef handler(e, c):\n    os._exit(3)", "Runtime.ExitError", "exit status 3"],
  ])("that %s fails in Lambda's words", async (_, code, errorType, errorMessage) => {
    const { payload, functionError } = await invoke(code, {}, { Timeout: 1 })
    expect(functionError).toBe("Unhandled")
    expect(payload).toMatchObject({ errorType, errorMessage: expect.stringContaining(errorMessage) })
  })

  test("of the template itself makes a custom resource by cfnresponse", async () => {
    const code = `
import cfnresponse
def handler(event, context):
    cfnresponse.send(event, context, cfnresponse.SUCCESS, {"said": event["RequestType"]}, "thing-1")`
    const running = await hostWith({
      Role: roleWith(),
      Provider: functionOf(code, { Runtime: "python3.12" }),
      Thing: { Type: "Custom::Thing", Properties: { ServiceToken: { "Fn::GetAtt": ["Provider", "Arn"] } } },
      Said: { Type: "AWS::S3::Bucket", Properties: { BucketName: { "Fn::GetAtt": ["Thing", "said"] } } },
    })
    expect(running.local.resources).toMatchObject({ "app.Thing": "thing-1", "app.Said": "Create" })
    await running.stop()
  })
}
