import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { signRequest } from "../../../src/host/endpoint/signRequest.ts"
import type { RunningHost } from "../../../src/host/options.ts"
import { startHost } from "../../../src/host/start.ts"
import { answerOf } from "./restApps.ts"

const template = `
Transform: AWS::Serverless-2016-10-31
Parameters: { WithExtra: { Type: String, Default: "no" } }
Conditions: { Extra: !Equals [!Ref WithExtra, "yes"] }
Globals:
  Function: { Runtime: nodejs22.x, Handler: index.handler }
  Api:
    Cors: { AllowOrigin: "'https://app.example.org'", AllowHeaders: "'X-Own'", MaxAge: "'60'" }
    GatewayResponses:
      DEFAULT_4XX: { ResponseParameters: { Headers: { Access-Control-Allow-Origin: "'*'" } } }
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: &echo |
        exports.handler = async event => ({
          statusCode: 200,
          body: JSON.stringify([event.resource, event.httpMethod, event.requestContext.stage, event.requestContext.authorizer?.principalId ?? null]),
        })
      Events:
        Root: { Type: Api, Properties: { Path: /hello, Method: get } }
        Any: { Type: Api, Properties: { Path: "/any/{proxy+}", Method: ANY } }
        Guarded:
          Type: Api
          Properties: { RestApiId: !Ref Guarded, Path: "/things/{id}", Method: get }
        Open:
          Type: Api
          Properties: { RestApiId: !Ref Guarded, Path: /open, Method: get, Auth: { Authorizer: NONE } }
        Keyed:
          Type: Api
          Properties: { RestApiId: !Ref Guarded, Path: /keyed, Method: get, Auth: { Authorizer: NONE, ApiKeyRequired: true } }
        Signed:
          Type: Api
          Properties: { RestApiId: !Ref Guarded, Path: /signed, Method: get, Auth: { Authorizer: AWS_IAM } }
        Checked:
          Type: Api
          Properties:
            RestApiId: !Ref Guarded
            Path: /checked
            Method: post
            Auth: { Authorizer: NONE }
            RequestModel: { Model: Thing, Required: true, ValidateBody: true, ValidateParameters: true }
            RequestParameters: [{ method.request.querystring.page: { Required: true } }, method.request.header.X-Own]
  Sometimes:
    Type: AWS::Serverless::Function
    Condition: Extra
    Properties:
      InlineCode: *echo
      Events: { Extra: { Type: Api, Properties: { Path: /extra, Method: get } } }
  Guard:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
      InlineCode: |
        exports.handler = async event => ({
          principalId: event.headers["X-Token"],
          policyDocument: { Version: "2012-10-17", Statement: [{ Action: "*", Effect: "Allow", Resource: "*" }] },
        })
  Guarded:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Models: { Thing: { type: object, required: [name] } }
      Auth:
        DefaultAuthorizer: Own
        AddDefaultAuthorizerToCorsPreflight: false
        Authorizers:
          Own: { FunctionArn: !GetAtt Guard.Arn, FunctionPayloadType: REQUEST, Identity: { Headers: [X-Token] } }
        UsagePlan: { CreateUsagePlan: PER_API }
  Caller:
    Type: AWS::IAM::Role
    Properties: { ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaRole"] }
  Fixed:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      DefinitionUri: fixed.yaml
  Included:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      DefinitionBody:
        Fn::Transform: { Name: AWS::Include, Parameters: { Location: ./included.yaml } }
Outputs:
  Own: { Value: !Ref Guarded.Stage }
  Address: { Value: !Sub "\${Guarded}/\${Guarded.Stage}" }
  Version: { Value: !Ref Guard.Alias }
  Stage: { Value: !Ref ServerlessRestApiProdStage }
  Url: { Value: !Sub "https://\${ServerlessRestApi}.execute-api.\${AWS::Region}.amazonaws.com/Prod/hello/" }
`
const definition = `openapi: 3.0.1
paths:
  /fixed:
    get:
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: { application/json: '{"statusCode": 200}' }
        responses: { default: { statusCode: "200", responseTemplates: { application/json: '{"fixed":true}' } } }
`

const includedDefinition = `paths:
  /hello:
    get:
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: { Fn::Sub: "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Hello.Arn}/invocations" }
        credentials: { Fn::GetAtt: [Caller, Arn] }
`

const lines: string[] = []
let running: RunningHost
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "sam-"))
  writeFileSync(join(folder, "fixed.yaml"), definition)
  writeFileSync(join(folder, "included.yaml"), includedDefinition)
  writeFileSync(join(folder, "template.yaml"), template)
  running = await startHost({ template: join(folder, "template.yaml"), port: 0, print: line => lines.push(line) })
})
afterAll(() => running.stop())

const stackName = () => Object.keys(running.local.resources)[0]?.split(".")[0]
const call = (api: string, path: string, init: RequestInit = {}) =>
  fetch(`${running.url}/_apis/${running.local.resources[`${stackName()}.${api}`]}${path}`, init)

/** The value of the only key, as the SDK asks for it. */
async function generatedKey(): Promise<string> {
  const url = new URL(`${running.url}/apikeys?includeValues=true`)
  const credentials = { accessKeyId: "local", secretAccessKey: "local", sessionToken: "" }
  const asked = { method: "GET", url, headers: {}, body: undefined }
  const headers = await signRequest(asked, credentials, running.host.region, "apigateway")
  const { item } = JSON.parse(await (await fetch(url, { headers })).text())
  return item[0].value
}

describe("REST APIs of the Serverless Application Model", () => {
  test("are made of the events that name none, with a stage Prod", async () => {
    expect(await answerOf(call("ServerlessRestApi", "/Prod/hello"))).toEqual([200, ["/hello", "GET", "Prod", null]])
    expect(await answerOf(call("ServerlessRestApi", "/Prod/any/a/b", { method: "PUT" }))).toEqual([
      200,
      ["/any/{proxy+}", "PUT", "Prod", null],
    ])
    expect((await call("ServerlessRestApi", "/Prod/extra")).status).toBe(403)
    const { outputs, resources } = running.local
    expect(outputs[`${stackName()}.Stage`]).toBe("Prod")
    expect(outputs[`${stackName()}.Url`]).toContain(String(resources[`${stackName()}.ServerlessRestApi`]))
    expect(Object.keys(resources)).toContain(`${stackName()}.HelloRootPermissionProd`)
  })

  test("are referred to with their stages, as functions with their aliases", () => {
    const { outputs, resources } = running.local
    expect(outputs[`${stackName()}.Own`]).toBe("v1")
    expect(outputs[`${stackName()}.Address`]).toBe(`${resources[`${stackName()}.Guarded`]}/v1`)
    expect(outputs[`${stackName()}.Version`]).toMatch(/:live$/)
  })

  test("answer preflights, and put headers on refusals, as Globals say", async () => {
    const preflight = await call("ServerlessRestApi", "/Prod/hello", { method: "OPTIONS" })
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      "access-control-allow-origin": "https://app.example.org",
      "access-control-allow-methods": "GET,OPTIONS",
      "access-control-allow-headers": "X-Own",
      "access-control-max-age": "60",
    })
    const refused = await call("ServerlessRestApi", "/Prod/nothing")
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, "*"])
  })

  test("have authorizers, by default and of single routes", async () => {
    const status = async (path: string, headers: Record<string, string> = {}) =>
      (await call("Guarded", `/v1${path}`, { headers })).status
    expect(await answerOf(call("Guarded", "/v1/things/7", { headers: { "X-Token": "me" } }))).toEqual([
      200,
      ["/things/{id}", "GET", "v1", "me"],
    ])
    expect(await status("/things/7")).toBe(401)
    expect(await status("/open")).toBe(200)
    expect(await status("/signed")).toBe(403)
    expect(await status("/keyed")).toBe(403)
    expect(await status("/keyed", { "x-api-key": await generatedKey() })).toBe(200)
    expect((await call("Guarded", "/v1/things/7", { method: "OPTIONS" })).status).toBe(200)
  })

  test("check bodies and parameters of routes that ask for it", async () => {
    const checked = (path: string, body: object) =>
      call("Guarded", path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      })
    expect((await checked("/v1/checked?page=1", { name: "a" })).status).toBe(200)
    expect(await answerOf(checked("/v1/checked?page=1", {}))).toEqual([400, { message: "Invalid request body" }])
    expect((await checked("/v1/checked", { name: "a" })).status).toBe(400)
  })

  test("may have their definition in a file", async () => {
    expect(await answerOf(call("Fixed", "/live/fixed"))).toEqual([200, { fixed: true }])
  })

  test("may include their definition, with intrinsic functions, and invoke by a role", async () => {
    expect(await answerOf(call("Included", "/live/hello"))).toEqual([200, ["/hello", "GET", "live", null]])
  })

  test("leave nothing unnamed at start, for there is nothing to name", () =>
    expect(lines.join("\n")).not.toContain("ApiGateway"))
})
