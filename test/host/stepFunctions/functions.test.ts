import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda"
import { expect, test } from "vitest"
import { clientOf, functionOf } from "../shell/localHost.ts"
import { express, machineHost, single } from "./machineHost.ts"

test("A function runs an Express state machine and waits for it", async () => {
  const code = `const { SFNClient, StartSyncExecutionCommand } = require("@aws-sdk/client-sfn")
exports.handler = async ({ stateMachineArn }) => {
  const { status, output } = await new SFNClient({}).send(new StartSyncExecutionCommand({ stateMachineArn }))
  return { status, output }
}`
  const running = await machineHost({ Call: functionOf(code), Flow: express(single({ Type: "Pass", Result: 1 })) })
  const { Payload } = await new LambdaClient(clientOf(running)).send(
    new InvokeCommand({
      FunctionName: running.local.resources["app.Call"],
      Payload: JSON.stringify({ stateMachineArn: running.local.resources["app.Flow"] }),
    }),
  )
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({ status: "SUCCEEDED", output: "1" })
  await running.stop()
})
