import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge"
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { parseTemplate } from "../../../src/host/cloudformation/template.ts"
import { parseYaml } from "../../../src/host/cloudformation/yaml.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { startHost } from "../../../src/host/start.ts"
import { clientOf } from "./localHost.ts"

const template = `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs22.x
    Timeout: 10
    Environment: { Variables: { TABLE: !Ref Notes } }
Resources:
  Notes:
    Type: AWS::Serverless::SimpleTable
    Properties: { PrimaryKey: { Name: noteId, Type: String } }
  Jobs: { Type: AWS::SQS::Queue }
  Count:
    Type: AWS::Serverless::Function
    Connectors: { Notes: { Properties: { Destination: { Id: Notes }, Permissions: [Read] } } }
    Properties:
      CodeUri: functions/
      Handler: count.handler
      Environment: { Variables: { LIMIT: "5" } }
      Events:
        Notes: { Type: HttpApi, Properties: { Path: "/notes/{kind}", Method: get } }
  Work:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/
      Handler: work.handler
      Policies:
        - DynamoDBCrudPolicy: { TableName: !Ref Notes }
      Events:
        Job: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn, BatchSize: 1 } }
        Said: { Type: EventBridgeRule, Properties: { Pattern: { source: [desk] } } }
        Odd: { Type: IoTRule, Properties: { Sql: "SELECT 1" } }
  Api:
    Type: AWS::Serverless::GraphQLApi
    Properties:
      SchemaUri: ./schema.graphql
      Auth: { Type: API_KEY, Additional: [{ Type: AWS_IAM }] }
      ApiKeys: { Key: { Description: a key } }
      DataSources:
        DynamoDb: { Table: { TableName: !Ref Notes, TableArn: !GetAtt Notes.Arn } }
        Lambda: { Counter: { FunctionArn: !GetAtt Count.Arn } }
      Functions:
        name: { Runtime: { Name: APPSYNC_JS, Version: 1.0.0 }, DataSource: NONE, CodeUri: ./resolvers/name.js }
        put: { Runtime: { Name: APPSYNC_JS, Version: 1.0.0 }, DataSource: Table, CodeUri: ./resolvers/put.js }
        count:
          Runtime: { Name: APPSYNC_JS, Version: 1.0.0 }
          DataSource: Counter
          InlineCode: |
            export function request(ctx) { return { operation: "Invoke", payload: {} } }
            export function response(ctx) { return ctx.result }
      Resolvers:
        Mutation:
          addNote: { Runtime: { Name: APPSYNC_JS, Version: 1.0.0 }, Pipeline: [name, put] }
        Query:
          notes: { FieldName: count, Runtime: { Name: APPSYNC_JS, Version: 1.0.0 }, Pipeline: [count] }
  Typed:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: esbuild
      BuildProperties: { Minify: true, Target: es2020, Sourcemap: true, EntryPoints: [functions/src/typed.ts] }
    Properties:
      CodeUri: .
      Handler: typed.handler
      Events: { Typed: { Type: HttpApi, Properties: { Path: /typed, Method: post } } }
  EventApi: { Type: AWS::AppSync::Api, Properties: { Name: events } }
  EventKey: { Type: AWS::AppSync::ApiKey, Properties: { ApiId: !GetAtt EventApi.ApiId } }
  Hello:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Query
      FieldName: hello
      DataSourceName: !GetAtt HelloSource.Name
      RequestMappingTemplateS3Location: templates/hello.vtl
      ResponseMappingTemplateS3Location: templates/result.vtl
  HelloSource:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: hello
      Type: AWS_LAMBDA
      ServiceRoleArn: !GetAtt Caller.Arn
      LambdaConfig: { LambdaFunctionArn: !GetAtt Plain.Arn }
  Caller:
    Type: AWS::IAM::Role
    Properties: { ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaRole"] }
  Plain:
    Type: AWS::Lambda::Function
    Properties: { Runtime: nodejs22.x, Handler: plain.handler, Code: ./functions, Role: !GetAtt CountRole.Arn }
Outputs:
  Key: { Value: !GetAtt ApiKey.ApiKey }
  Jobs: { Value: !Ref Jobs }
`

const files = {
  "template.yaml": template,
  "schema.graphql":
    "type Note { noteId: ID! text: String } type Query { count: Int hello: String } type Mutation { addNote(text: String!): Note }",
  "resolvers/name.js": `import { util } from "@aws-appsync/utils"
    export function request(ctx) { return { payload: { noteId: util.autoId() } } }
    export function response(ctx) { return ctx.result }`,
  "resolvers/put.js": `import * as ddb from "@aws-appsync/utils/dynamodb"
    export function request(ctx) { return ddb.put({ key: ctx.prev.result, item: { text: ctx.args.text } }) }
    export function response(ctx) { return ctx.result }`,
  "functions/count.js": `
    const { DynamoDBClient, ScanCommand } = require("@aws-sdk/client-dynamodb")
    exports.handler = async event => {
      const { Count } = await new DynamoDBClient({}).send(new ScanCommand({ TableName: process.env.TABLE }))
      return event.routeKey === undefined ? Count : { route: event.routeKey, limit: process.env.LIMIT }
    }`,
  "functions/src/typed.ts":
    "import { said } from './said'\nexport const handler = async (event: { body: string }): Promise<string> => said(event.body)",
  "functions/src/said.ts": "export const said = (text: string): string => 'typed ' + text",
  "functions/plain.js": "exports.handler = async () => 'hello'",
  "templates/hello.vtl": '{ "version": "2018-05-29", "operation": "Invoke", "payload": {} }',
  "templates/result.vtl": "$util.toJson($ctx.result)",
  "functions/work.js": `
    const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb")
    exports.handler = async event => {
      const noteId = event.Records ? "job" : event.source
      await new DynamoDBClient({}).send(new PutItemCommand({ TableName: process.env.TABLE, Item: { noteId: { S: noteId } } }))
    }`,
}

describe("a template of the Serverless Application Model", () => {
  let running: RunningHost
  const printed: string[] = []
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "serverless-"))
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    running = await startHost({
      template: join(folder, "template.yaml"),
      port: 0,
      print: line => printed.push(line),
    })
  })
  afterAll(() => running.stop())

  const asked = async (query: string): Promise<{ data: { count: number; addNote: object } }> => {
    const response = await fetch(running.local.graphqlUrl, {
      method: "POST",
      headers: { "x-api-key": running.local.outputs["template.Key"] ?? "" },
      body: JSON.stringify({ query }),
    })
    return JSON.parse(await response.text())
  }

  test("runs a GraphQL API of functions and pipelines with the sources that their names say", async () => {
    const { data } = await asked('mutation { addNote(text: "milk") { noteId text } }')
    expect(data.addNote).toEqual({ noteId: expect.stringMatching(/^[0-9a-f-]{36}$/), text: "milk" })
  })

  test("lets functions do what their policy templates grant, at the call of queues and rules", async () => {
    const before = (await asked("{ count }")).data.count
    const QueueUrl = running.local.outputs["template.Jobs"]
    await new SQSClient(clientOf(running)).send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }))
    const said = { Source: "desk", DetailType: "said", Detail: "{}" }
    await new EventBridgeClient(clientOf(running)).send(new PutEventsCommand({ Entries: [said] }))
    await expect.poll(async () => (await asked("{ count }")).data.count, { timeout: 10_000 }).toBe(before + 2)
  })

  test("serves the routes of its functions with the globals over which they have their own settings", async () => {
    const response = await fetch(`${running.local.restUrl}/notes/all`)
    expect(await response.json()).toEqual({ route: "GET /notes/{kind}", limit: "5" })
  })

  test("finds code and mapping templates by their paths beside it, for plain resources too", async () =>
    expect(await asked("{ hello }")).toEqual({ data: { hello: "hello" } }))

  test("bundles the sources that it asks esbuild for, as sam build does", async () => {
    const response = await fetch(`${running.local.restUrl}/typed`, { method: "POST", body: "hi" })
    expect(await response.json()).toBe("typed hi")
  })

  test("starts beside an Event API, whose key has no use here", () =>
    expect(printed.join("\n")).toContain("EventKey is a key of an API that this host does not have"))

  test("names the events that the host does not have", () =>
    expect(printed.join("\n")).toContain(
      "AWS::Serverless::Function.Events.IoTRule is not supported, a stand-in takes its place (template/WorkOdd)",
    ))
})

describe("what the transform makes", () => {
  const resources = (yaml: string) =>
    parseTemplate(parseYaml(`Transform: [AWS::Serverless-2016-10-31]\nResources:\n${yaml}`)).resources
  const types = (yaml: string) => Object.entries(resources(yaml)).map(([id, { type }]) => `${id} ${type}`)

  test.each([
    ["a given role", "Role: arn:aws:iam::1:role/r", ["F AWS::Lambda::Function"]],
    [
      "an alias",
      "Role: r\n      AutoPublishAlias: live",
      ["F AWS::Lambda::Function", "FVersion AWS::Lambda::Version", "FAliaslive AWS::Lambda::Alias"],
    ],
    [
      "a public URL",
      "Role: r\n      FunctionUrlConfig: { AuthType: NONE }",
      [
        "F AWS::Lambda::Function",
        "FUrl AWS::Lambda::Url",
        "FUrlPublicPermissions AWS::Lambda::Permission",
        "FURLInvokeAllowPublicAccess AWS::Lambda::Permission",
      ],
    ],
    [
      "a schedule",
      "Role: r\n      Events: { E: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 day) } } }",
      ["F AWS::Lambda::Function", "FE AWS::Scheduler::Schedule", "FERole AWS::IAM::Role"],
    ],
    [
      "a topic",
      "Role: r\n      Events: { E: { Type: SNS, Properties: { Topic: t } } }",
      ["F AWS::Lambda::Function", "FE AWS::SNS::Subscription", "FEPermission AWS::Lambda::Permission"],
    ],
  ])("of a function with %s", (_, settings, expected) =>
    expect(types(`  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      ${settings}`)).toEqual(expected))

  test("of a trigger is part of its user pool", () => {
    const { Pool } = resources(`
  F:
    Type: AWS::Serverless::Function
    Properties:
      Role: r
      Events: { E: { Type: Cognito, Properties: { UserPool: !Ref Pool, Trigger: PreSignUp } } }
  Pool: { Type: AWS::Cognito::UserPool }`)
    expect(Pool?.properties).toEqual({ LambdaConfig: { PreSignUp: { "Fn::GetAtt": ["F", "Arn"] } } })
  })

  test("of a connector is a policy of the function's role, for functions only", () => {
    const made = resources(`
  Pool: { Type: AWS::Cognito::UserPool }
  Said: { Type: AWS::SNS::Topic }
  F: { Type: AWS::Serverless::Function, Properties: {} }
  Speaks: { Type: AWS::Serverless::Connector, Properties: { Source: { Id: F }, Destination: { Id: Said }, Permissions: [Write] } }
  Odd: { Type: AWS::Serverless::Connector, Properties: { Source: { Id: Said }, Destination: { Id: F }, Permissions: [Write] } }
  G:
    Type: AWS::Serverless::Function
    Properties: { Events: { E: { Type: Cognito, Properties: { UserPool: !Ref Pool, Trigger: PreSignUp } } } }`)
    expect(made.SpeaksPolicy?.properties).toEqual({
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["sns:Publish"], Resource: [{ "Fn::GetAtt": ["Said", "TopicArn"] }] }],
      },
      Roles: [{ Ref: "FRole" }],
    })
    expect(made.Odd?.type).toBe("AWS::Serverless::Connector")
    expect(made.Pool?.properties).toEqual({ LambdaConfig: { PreSignUp: { "Fn::GetAtt": ["G", "Arn"] } } })
  })

  test("keeps the condition of the serverless resource", () => {
    const made = resources("  F: { Type: AWS::Serverless::Function, Condition: IsProd, Properties: {} }")
    expect(Object.values(made).map(({ condition }) => condition)).toEqual(["IsProd", "IsProd"])
  })

  test("is refused for a policy template that nobody knows", () =>
    expect(() =>
      resources("  F: { Type: AWS::Serverless::Function, Properties: { Policies: [{ MagicPolicy: {} }] } }"),
    ).toThrow("the policy template MagicPolicy is not known here: give its statements"))
})
