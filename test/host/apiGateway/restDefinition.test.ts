import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ApiDefinition, SpecRestApi } from "aws-cdk-lib/aws-apigateway"
import { ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { expect, test } from "vitest"
import { startHost } from "../../../src/host/start.ts"
import { answerOf, functionWith, hostOf, region, synthTimeoutMs } from "./restApps.ts"

const echo = `exports.handler = async event => ({
  statusCode: 200,
  body: JSON.stringify([event.resource, event.httpMethod, event.pathParameters, event.requestContext.authorizer?.principalId ?? null]),
})`
const guard = `exports.handler = async event => ({
  principalId: event.authorizationToken,
  policyDocument: { Version: "2012-10-17", Statement: [{ Action: "*", Effect: "Allow", Resource: "*" }] },
})`

test(
  "An API is made of a definition in OpenAPI, with its authorizers, validators, models, keys and gateway responses",
  async () => {
    const running = await hostOf(stack => {
      const handler = functionWith(stack, "Echo", echo)
      const authorizer = functionWith(stack, "Guard", guard)
      for (const one of [handler, authorizer]) one.grantInvoke(new ServicePrincipal("apigateway.amazonaws.com"))
      const uriOf = (arn: string) => `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`
      const integration = { type: "aws_proxy", httpMethod: "POST", uri: uriOf(handler.functionArn) }
      const proxied = { "x-amazon-apigateway-integration": integration }
      new SpecRestApi(stack, "Api", {
        deployOptions: { stageName: "v1" },
        apiDefinition: ApiDefinition.fromInline({
          openapi: "3.0.1",
          info: { title: "Things", version: "1" },
          "x-amazon-apigateway-request-validators": {
            all: { validateRequestBody: true, validateRequestParameters: true },
          },
          "x-amazon-apigateway-gateway-responses": {
            DEFAULT_4XX: { responseParameters: { "gatewayresponse.header.X-Refused": "'yes'" } },
          },
          paths: {
            "/things/{id}": {
              parameters: [{ name: "id", in: "path", required: true }],
              get: { ...proxied, security: [{ guard: [] }] },
              post: {
                ...proxied,
                "x-amazon-apigateway-request-validator": "all",
                parameters: [{ $ref: "#/components/parameters/Page" }],
                requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } },
              },
              put: {
                ...proxied,
                "x-amazon-apigateway-request-validator": "all",
                requestBody: { content: { "application/json": { schema: { type: "array" } } } },
              },
              "x-amazon-apigateway-any-method": proxied,
            },
            "/keyed": { get: { ...proxied, security: [{ key: [] }] } },
            "/signed": { get: { ...proxied, security: [{ sigv4: [] }] } },
            "/fixed/": {
              get: {
                "x-amazon-apigateway-integration": {
                  type: "mock",
                  requestTemplates: { "application/json": '{"statusCode": 200}' },
                  passthroughBehavior: "when_no_match",
                  responses: {
                    "5\\d{2}": { statusCode: "500" },
                    default: { statusCode: "200", responseTemplates: { "application/json": '{"fixed":true}' } },
                  },
                },
              },
            },
          },
          components: {
            parameters: { Page: { name: "page", in: "query", required: true } },
            schemas: {
              Name: { type: "string", minLength: 2 },
              Thing: {
                type: "object",
                required: ["name"],
                properties: { name: { $ref: "#/components/schemas/Name" } },
              },
            },
            securitySchemes: {
              guard: {
                type: "apiKey",
                name: "X-Token",
                in: "header",
                "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": { type: "token", authorizerUri: uriOf(authorizer.functionArn) },
              },
              key: { type: "apiKey", name: "x-api-key", in: "header" },
              sigv4: {
                type: "apiKey",
                name: "Authorization",
                in: "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
              },
            },
          },
        }),
      })
    })
    const call = (path: string, init: RequestInit = {}) => fetch(`${running.local.restUrl}${path}`, init)
    const post = (path: string, body: object, method = "POST") =>
      call(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) })

    expect(running.local.restUrl).toMatch(/\/v1$/)
    const token = { headers: { "x-token": "me" } }
    expect(await answerOf(call("/things/7", token))).toEqual([200, ["/things/{id}", "GET", { id: "7" }, "me"]])
    const refused = await call("/things/7")
    expect([refused.headers.get("x-refused"), ...(await answerOf(refused))]).toEqual([
      "yes",
      401,
      { message: "Unauthorized" },
    ])
    expect(await answerOf(call("/things/7", { method: "DELETE" }))).toEqual([
      200,
      ["/things/{id}", "DELETE", { id: "7" }, null],
    ])
    expect((await post("/things/7?page=1", { name: "ab" })).status).toBe(200)
    expect(await answerOf(post("/things/7?page=1", { name: "a" }))).toEqual([400, { message: "Invalid request body" }])
    expect(await answerOf(post("/things/7", { name: "ab" }))).toEqual([
      400,
      { message: "Missing required request parameters: [page]" },
    ])
    expect((await post("/things/7", [1], "PUT")).status).toBe(200)
    expect((await post("/things/7", {}, "PUT")).status).toBe(400)
    expect(await answerOf(call("/keyed"))).toEqual([403, { message: "Forbidden" }])
    expect(await answerOf(call("/signed"))).toEqual([403, { message: "Missing Authentication Token" }])
    expect(await answerOf(call("/fixed"))).toEqual([200, { fixed: true }])
    await running.stop()
  },
  synthTimeoutMs,
)

test("A definition may lie in a file beside the template", async () => {
  const folder = mkdtempSync(join(tmpdir(), "definition-"))
  const openApi = `swagger: "2.0"
info: { title: Things, version: "1" }
paths:
  /hello:
    get:
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: { application/json: '{"statusCode": 200}' }
        responses: { default: { statusCode: 200, responseTemplates: { application/json: '{"hello":"world"}' } } }
`
  writeFileSync(join(folder, "openapi.yaml"), openApi)
  const template = join(folder, "app.yaml")
  writeFileSync(
    template,
    `Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { BodyS3Location: { Bucket: "", Key: openapi.yaml } }
  Deployed:
    Type: AWS::ApiGateway::Deployment
    Properties: { RestApiId: !Ref Api, StageName: live }
`,
  )
  const running = await startHost({ template, port: 0 })
  expect(await answerOf(fetch(`${running.local.restUrl}/hello`))).toEqual([200, { hello: "world" }])
  expect(running.local.restUrl).toMatch(/\/live$/)
  await running.stop()
})
