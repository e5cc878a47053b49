import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { StartExecutionCommand } from "@aws-sdk/client-sfn"
import { App, CfnOutput, CustomResource, Duration, Stack } from "aws-cdk-lib"
import { Definition, FunctionRuntime, GraphqlApi, Code as ResolverCode } from "aws-cdk-lib/aws-appsync"
import { AttributeType, Table } from "aws-cdk-lib/aws-dynamodb"
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda"
import { Queue } from "aws-cdk-lib/aws-sqs"
import {
  Chain,
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  JsonPath,
  Map as MapState,
  Pass,
  StateMachine,
  StateMachineType,
  TaskInput,
} from "aws-cdk-lib/aws-stepfunctions"
import { DynamoAttributeValue, DynamoPutItem, LambdaInvoke, SqsSendMessage } from "aws-cdk-lib/aws-stepfunctions-tasks"
import { Provider } from "aws-cdk-lib/custom-resources"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningHost } from "../../../src/host/options.ts"
import { startHost } from "../../../src/host/start.ts"
import { ended, sfnOf } from "./machineHost.ts"

const fn = (stack: Stack, id: string, code: string) =>
  new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: "index.handler", code: Code.fromInline(code) })

/** Orders: each line is priced by a function, the order is kept and told, or refused when it is empty. */
function addOrders(stack: Stack): void {
  const table = new Table(stack, "Orders", { partitionKey: { name: "id", type: AttributeType.STRING } })
  const queue = new Queue(stack, "Told")
  const price = fn(stack, "Price", "exports.handler = async ({ sku, count }) => ({ sku, total: count * 10 })")
  const lines = new MapState(stack, "Price the lines", {
    itemsPath: "$.lines",
    resultPath: "$.priced",
    maxConcurrency: 2,
  })
  lines.itemProcessor(new LambdaInvoke(stack, "Price a line", { lambdaFunction: price, payloadResponseOnly: true }))
  const keep = new DynamoPutItem(stack, "Keep", {
    table,
    item: {
      id: DynamoAttributeValue.fromString(JsonPath.stringAt("$.id")),
      priced: DynamoAttributeValue.fromString(JsonPath.jsonToString(JsonPath.objectAt("$.priced"))),
    },
    resultPath: JsonPath.DISCARD,
  })
  const tell = new SqsSendMessage(stack, "Tell", {
    queue,
    messageBody: TaskInput.fromObject({ id: JsonPath.stringAt("$.id") }),
    resultPath: JsonPath.DISCARD,
  })
  const refused = new Fail(stack, "Refuse", {
    error: "EmptyOrder",
    causePath: JsonPath.format("{} is empty", JsonPath.stringAt("$.id")),
  })
  const definition = new Choice(stack, "Is there a line?")
    .when(Condition.isPresent("$.lines[0]"), Chain.start(lines).next(keep).next(tell))
    .otherwise(refused)
  const machine = new StateMachine(stack, "OrderFlow", { definitionBody: DefinitionBody.fromChainable(definition) })
  new CfnOutput(stack, "OrderFlowArn", { value: machine.stateMachineArn })
}

const resolver = `import { util } from "@aws-appsync/utils"
export function request(ctx) {
  return {
    method: "POST",
    resourcePath: "/",
    params: {
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AWSStepFunctions.StartSyncExecution" },
      body: JSON.stringify({ stateMachineArn: ctx.env.MACHINE, input: JSON.stringify(ctx.args) }),
    },
  }
}
export function response(ctx) {
  if (ctx.result.statusCode !== 200) util.error(ctx.result.body, "HTTP " + ctx.result.statusCode)
  const { status, output, error } = JSON.parse(ctx.result.body)
  if (status !== "SUCCEEDED") util.error(error, status)
  return JSON.parse(output).said
}`

/** A GraphQL field that is answered by an Express state machine. */
function addGreeting(stack: Stack, folder: string): void {
  const schema = join(folder, "schema.graphql")
  writeFileSync(schema, "type Query { greet(name: String!): String  sneak(name: String!): String }")
  const machine = new StateMachine(stack, "Greeting", {
    stateMachineType: StateMachineType.EXPRESS,
    definitionBody: DefinitionBody.fromChainable(
      new Pass(stack, "Say", { parameters: { said: JsonPath.format("Hello, {}!", JsonPath.stringAt("$.name")) } }),
    ),
  })
  const api = new GraphqlApi(stack, "Api", {
    name: "greeting",
    definition: Definition.fromFile(schema),
    environmentVariables: { MACHINE: machine.stateMachineArn },
  })
  const authorizationConfig = { signingRegion: stack.region, signingServiceName: "states" }
  const endpoint = `https://sync-states.${stack.region}.amazonaws.com/`
  const code = ResolverCode.fromInline(resolver)
  const runtime = FunctionRuntime.JS_1_0_0
  const source = api.addHttpDataSource("machine", endpoint, { authorizationConfig })
  machine.grantStartSyncExecution(source)
  source.createResolver("Greet", { typeName: "Query", fieldName: "greet", code, runtime })
  const powerless = api.addHttpDataSource("powerless", endpoint, { authorizationConfig })
  powerless.createResolver("Sneak", { typeName: "Query", fieldName: "sneak", code, runtime })
}

/** A custom resource that is complete only after it was asked twice. */
function addCustomResource(stack: Stack): void {
  const onEventHandler = fn(stack, "OnEvent", "exports.handler = async () => ({ PhysicalResourceId: 'thing-1' })")
  const isCompleteHandler = fn(
    stack,
    "IsComplete",
    "let asked = 0; exports.handler = async () => ++asked < 2 ? { IsComplete: false } : { IsComplete: true, Data: { Asked: String(asked) } }",
  )
  const { serviceToken } = new Provider(stack, "Provider", {
    onEventHandler,
    isCompleteHandler,
    queryInterval: Duration.seconds(1),
  })
  const thing = new CustomResource(stack, "Thing", { serviceToken })
  new CfnOutput(stack, "Asked", { value: thing.getAttString("Asked") })
}

describe("an app of CDK's constructs", () => {
  let running: RunningHost
  const lines: string[] = []
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "cdk-machines-"))
    const app = new App({ outdir: join(folder, "cdk.out"), stackTraces: false })
    const stack = new Stack(app, "Shop")
    addOrders(stack)
    addGreeting(stack, folder)
    addCustomResource(stack)
    app.synth()
    running = await startHost({ template: join(folder, "cdk.out"), port: 0, print: line => lines.push(line) })
  }, 60_000)
  afterAll(() => running.stop())

  const order = async (input: object) => {
    const stateMachineArn = running.local.outputs["Shop.OrderFlowArn"]
    const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) })
    return ended(running, (await sfnOf(running).send(command)).executionArn ?? "")
  }
  const ask = async (query: string) => {
    const headers = { "content-type": "application/json", "x-api-key": running.local.apiKey ?? "" }
    const response = await fetch(running.local.graphqlUrl, { method: "POST", headers, body: JSON.stringify({ query }) })
    return response.json()
  }

  test("runs a definition of several tasks under the role that CDK made", async () => {
    const input = {
      id: "o-1",
      lines: [
        { sku: "a", count: 1 },
        { sku: "b", count: 2 },
      ],
    }
    const priced = [
      { sku: "a", total: 10 },
      { sku: "b", total: 20 },
    ]
    expect(await order(input)).toEqual({ status: "SUCCEEDED", output: { ...input, priced } })
    expect(await order({ id: "o-2", lines: [] })).toEqual({
      status: "FAILED",
      error: "EmptyOrder",
      cause: "o-2 is empty",
    })
  })

  test("answers a GraphQL field by an Express state machine, which AppSync calls with its role", async () => {
    expect(await ask('{ greet(name: "Ada") }')).toEqual({ data: { greet: "Hello, Ada!" } })
    const refused = await ask('{ sneak(name: "Ada") }')
    expect(refused).toMatchObject({
      data: { sneak: null },
      errors: [{ errorType: "HTTP 400", message: expect.stringContaining("states:StartSyncExecution") }],
    })
  })

  test("has custom resources of a Provider with isComplete", () => {
    expect(running.local.outputs["Shop.Asked"]).toBe("2")
    expect(lines.join("\n")).not.toContain("stand-in")
  })
})
