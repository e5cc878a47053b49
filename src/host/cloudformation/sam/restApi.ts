import type { Json } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"
import type { EventSource } from "./eventSource.ts"
import { arn, codeLocation, type Expansion, implicitRestApiId, optional, picked, ref } from "./expansion.ts"
import { authorizersOf, restDefinition } from "./restDefinition.ts"

const stageProperties = [
  "AccessLogSetting",
  "CacheClusterEnabled",
  "CacheClusterSize",
  "CanarySetting",
  "MethodSettings",
  "TracingEnabled",
  "Variables",
]

/** `AWS::Serverless::Api`: the API with the routes of the functions' events, its deployment, stage, keys and permissions. */
export function expandRestApi(expansion: Expansion): void {
  const { logicalId, properties, add, makes } = expansion
  const { S3Bucket, S3Key } = codeLocation(properties.DefinitionUri)
  add(logicalId, "AWS::ApiGateway::RestApi", {
    ...picked(properties, ["BinaryMediaTypes", "ApiKeySourceType", "Description", "Domain", "EndpointConfiguration"]),
    Name: properties.Name ?? logicalId,
    ...optional("Policy", objectOf(properties.Auth).ResourcePolicy),
    ...(properties.DefinitionUri === undefined
      ? { Body: bodyOf(expansion) }
      : { BodyS3Location: { Bucket: S3Bucket ?? "", Key: S3Key ?? "" } }),
  })
  const stageName = properties.StageName ?? "Prod"
  const deploymentId = `${logicalId}Deployment`
  const stageId = `${logicalId}${suffixOf(stageName)}Stage`
  makes("Deployment", deploymentId)
  makes("Stage", stageId)
  add(deploymentId, "AWS::ApiGateway::Deployment", { RestApiId: ref(logicalId) })
  add(stageId, "AWS::ApiGateway::Stage", {
    RestApiId: ref(logicalId),
    DeploymentId: ref(deploymentId),
    StageName: stageName,
    ...picked(properties, stageProperties),
  })
  for (const [name, authorizer] of Object.entries(authorizersOf(properties))) {
    const { FunctionArn } = objectOf(authorizer)
    if (FunctionArn !== undefined)
      add(`${logicalId}${name}AuthorizerPermission`, "AWS::Lambda::Permission", {
        Action: "lambda:InvokeFunction",
        FunctionName: FunctionArn,
        Principal: "apigateway.amazonaws.com",
        SourceArn: arn("execute-api", `\${api}/authorizers/*`, { api: ref(logicalId) }),
      })
  }
  addUsagePlan(expansion, stageId)
}

/** A definition that includes a file stays as it is, to be refused as every `Fn::Transform` is. */
const bodyOf = ({ properties, restRoutes }: Expansion): Json =>
  objectOf(properties.DefinitionBody)["Fn::Transform"] === undefined
    ? restDefinition(properties, restRoutes())
    : (properties.DefinitionBody ?? null)

/** `CreateUsagePlan` of an API: a plan and a key of its own, or the ones that all such APIs share. */
function addUsagePlan({ logicalId, properties, add, planned }: Expansion, stageId: string): void {
  const plan = objectOf(objectOf(properties.Auth).UsagePlan)
  const kind = textOf(plan.CreateUsagePlan) ?? "NONE"
  if (kind === "NONE") return
  const owner = kind === "SHARED" ? "Serverless" : logicalId
  const stages = planned(owner, { ApiId: ref(logicalId), Stage: ref(stageId) })
  add(`${owner}UsagePlan`, "AWS::ApiGateway::UsagePlan", {
    ApiStages: [...stages],
    ...picked(plan, ["Description", "Quota", "Tags", "Throttle", "UsagePlanName"]),
  })
  add(`${owner}ApiKey`, "AWS::ApiGateway::ApiKey", { Enabled: true })
  add(`${owner}UsagePlanKey`, "AWS::ApiGateway::UsagePlanKey", {
    KeyId: ref(`${owner}ApiKey`),
    KeyType: "API_KEY",
    UsagePlanId: ref(`${owner}UsagePlan`),
  })
}

/** A stage's name in a logical id; an intrinsic one leaves no trace there. */
const suffixOf = (stageName: Json): string => (textOf(stageName) ?? "").replace(/[^A-Za-z0-9]/g, "")

/** The event `Api` of a function: a route of its API, and the permission to invoke. */
export function addRestRoute({ expansion, target, id, properties }: EventSource): void {
  const apiRef = properties.RestApiId ?? ref(implicitRestApiId)
  const path = String(properties.Path ?? "/")
  const method = String(properties.Method ?? "any").toLowerCase()
  const isAny = method === "any" || method === "x-amazon-apigateway-any-method"
  expansion.addRestRoute(String(objectOf(apiRef).Ref), {
    path,
    method: isAny ? "x-amazon-apigateway-any-method" : method,
    functionArn: target.arn,
    properties,
  })
  const stageName = expansion.referred(apiRef)?.StageName ?? "Prod"
  const place = `${isAny ? "*" : method.toUpperCase()}${path.replace(/\{[^{}]*\}/g, "*")}`
  expansion.add(`${id}Permission${suffixOf(stageName)}`, "AWS::Lambda::Permission", {
    Action: "lambda:InvokeFunction",
    FunctionName: target.name,
    Principal: "apigateway.amazonaws.com",
    SourceArn: arn("execute-api", `\${api}/\${stage}/${place}`, { api: listOf(apiRef)[0] ?? null, stage: "*" }),
  })
}
