import type { Json, JsonObject } from "../../host.ts"
import { listOf, objectOf, textOf } from "../../json.ts"
import { allow, attribute, type Expansion, optional, picked, ref, roleOf } from "./expansion.ts"

const passedOn = [
  "EnvironmentVariables",
  "IntrospectionConfig",
  "OwnerContact",
  "QueryDepthLimit",
  "ResolverCountLimit",
  "Visibility",
  "XrayEnabled",
]

/** What AWS gives a resolver that has no code of its own. */
const defaultCode = `export function request(ctx) {
  return {}
}
export function response(ctx) {
  return ctx.prev.result
}
`

/** `AWS::Serverless::GraphQLApi`: an AppSync API with its schema, keys, sources, functions and pipeline resolvers. */
export function expandGraphQLApi(expansion: Expansion): void {
  const { logicalId, properties, add } = expansion
  add(logicalId, "AWS::AppSync::GraphQLApi", {
    Name: properties.Name ?? logicalId,
    ...picked(properties, passedOn),
    ...authOf(expansion),
  })
  const ApiId = attribute(logicalId, "ApiId")
  const { SchemaInline, SchemaUri } = properties
  if ((SchemaInline === undefined) === (SchemaUri === undefined))
    throw new Error(`${logicalId}: one of SchemaInline and SchemaUri must be set`)
  add(`${logicalId}Schema`, "AWS::AppSync::GraphQLSchema", {
    ApiId,
    ...optional("Definition", SchemaInline),
    ...optional("DefinitionS3Location", SchemaUri),
  })
  for (const [name, key] of Object.entries(objectOf(properties.ApiKeys))) {
    const { ApiKeyId, Description, ExpiresOn } = objectOf(key)
    add(`${logicalId}${name}`, "AWS::AppSync::ApiKey", {
      ApiId,
      ...optional("ApiKeyId", ApiKeyId),
      ...optional("Description", Description),
      ...optional("Expires", ExpiresOn),
    })
  }
  const sources = addDataSources(expansion, ApiId)
  addResolvers(expansion, ApiId, addFunctions(expansion, ApiId, sources))
  if (properties.Cache !== undefined)
    add(`${logicalId}ApiCache`, "AWS::AppSync::ApiCache", { ...objectOf(properties.Cache), ApiId })
  if (properties.DomainName !== undefined) {
    const domain = `${logicalId}DomainName`
    add(domain, "AWS::AppSync::DomainName", objectOf(properties.DomainName))
    const DomainName = attribute(domain, "DomainName")
    add(`${domain}ApiAssociation`, "AWS::AppSync::DomainNameApiAssociation", { ApiId, DomainName })
  }
}

/** The way in by default and the others; a function that decides may be invoked by AppSync. */
function authOf({ logicalId, properties, add }: Expansion): JsonObject {
  const auth = objectOf(properties.Auth)
  const all = [auth, ...listOf(auth.Additional).map(objectOf)]
  all.forEach(({ LambdaAuthorizer }, index) => {
    const { AuthorizerUri } = objectOf(LambdaAuthorizer)
    if (AuthorizerUri !== undefined)
      add(`${logicalId}Authorizer${index}Permission`, "AWS::Lambda::Permission", {
        Action: "lambda:InvokeFunction",
        FunctionName: AuthorizerUri,
        Principal: "appsync.amazonaws.com",
        SourceArn: attribute(logicalId, "Arn"),
      })
  })
  const [main, ...additional] = all.map(mode => ({
    AuthenticationType: mode.Type ?? null,
    ...optional("LambdaAuthorizerConfig", mode.LambdaAuthorizer),
    ...optional("OpenIDConnectConfig", mode.OpenIDConnect),
    ...optional("UserPoolConfig", mode.UserPool),
  }))
  return { ...main, ...(additional.length > 0 && { AdditionalAuthenticationProviders: additional }) }
}

const tableActions: Record<string, readonly string[]> = {
  Read: ["GetItem", "Query", "Scan", "BatchGetItem", "ConditionCheckItem", "PartiQLSelect"],
  Write: ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLDelete", "PartiQLInsert", "PartiQLUpdate"],
}

/** Adds the sources and returns the name of each by the id that functions use. */
function addDataSources({ logicalId, properties, add }: Expansion, ApiId: Json): Map<string, Json> {
  const names = new Map<string, Json>()
  const put = (id: string, source: JsonObject, config: JsonObject, access: Json[]) => {
    const dataSource = `${logicalId}${id}DataSource`
    const role = `${logicalId}${id}Role`
    if (source.ServiceRoleArn === undefined) add(role, "AWS::IAM::Role", roleOf("appsync", access))
    add(dataSource, "AWS::AppSync::DataSource", {
      ApiId,
      Name: source.Name ?? id,
      ...optional("Description", source.Description),
      ServiceRoleArn: source.ServiceRoleArn ?? attribute(role, "Arn"),
      ...config,
    })
    names.set(id, attribute(dataSource, "Name"))
  }
  const { DynamoDb, Lambda, ...others } = objectOf(properties.DataSources)
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new Error(`${logicalId}: DataSources has DynamoDb and Lambda only, no ${unknown}`)

  for (const [id, given] of Object.entries(objectOf(DynamoDb))) {
    const source = objectOf(given)
    const actions = listOf(source.Permissions ?? ["Read", "Write"]).flatMap(kind => tableActions[String(kind)] ?? [])
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of CloudFormation
    const indexes = { "Fn::Sub": ["${table}/index/*", { table: source.TableArn ?? null }] }
    const access = [
      allow(
        actions.map(action => `dynamodb:${action}`),
        [source.TableArn ?? null, indexes],
      ),
    ]
    const config = {
      TableName: source.TableName ?? null,
      AwsRegion: source.Region ?? ref("AWS::Region"),
      ...optional("DeltaSyncConfig", source.DeltaSync),
      ...picked(source, ["UseCallerCredentials", "Versioned"]),
    }
    put(id, source, { Type: "AMAZON_DYNAMODB", DynamoDBConfig: config }, access)
  }
  for (const [id, given] of Object.entries(objectOf(Lambda))) {
    const source = objectOf(given)
    const LambdaFunctionArn = source.FunctionArn ?? null
    const access = [
      allow(["lambda:InvokeFunction"], [LambdaFunctionArn, { "Fn::Join": [":", [LambdaFunctionArn, "*"]] }]),
    ]
    put(id, source, { Type: "AWS_LAMBDA", LambdaConfig: { LambdaFunctionArn } }, access)
  }
  return names
}

/** Adds the functions and returns the id of each by the name that pipelines use. */
function addFunctions({ logicalId, properties, add }: Expansion, ApiId: Json, sources: Map<string, Json>) {
  const ids = new Map<string, Json>()
  const none = `${logicalId}NoneDataSource`
  const sourceOf = (name: Json | undefined): Json => {
    if (String(name).toUpperCase() !== "NONE") return sources.get(String(name)) ?? name ?? null
    add(none, "AWS::AppSync::DataSource", { ApiId, Name: none, Type: "NONE" })
    return attribute(none, "Name")
  }
  for (const [name, given] of Object.entries(objectOf(properties.Functions))) {
    const step = objectOf(given)
    if (step.Id !== undefined) {
      ids.set(name, step.Id)
      continue
    }
    const id = `${logicalId}${name}`
    add(id, "AWS::AppSync::FunctionConfiguration", {
      ApiId,
      Name: step.Name ?? name,
      DataSourceName: sourceOf(step.DataSource),
      ...optional("Description", step.Description),
      ...optional("SyncConfig", step.Sync),
      ...codeOf(id, step),
    })
    ids.set(name, attribute(id, "FunctionId"))
  }
  return ids
}

function addResolvers({ logicalId, properties, add }: Expansion, ApiId: Json, functions: Map<string, Json>): void {
  for (const [TypeName, fields] of Object.entries(objectOf(properties.Resolvers)))
    for (const [name, given] of Object.entries(objectOf(fields))) {
      const resolver = objectOf(given)
      const id = `${logicalId}${TypeName}${name}`
      const steps = listOf(resolver.Pipeline).map(step => {
        const functionId = functions.get(textOf(step) ?? "")
        if (functionId === undefined) throw new Error(`${id}: its pipeline names ${String(step)}, which is no function`)
        return functionId
      })
      add(id, "AWS::AppSync::Resolver", {
        ApiId,
        TypeName,
        FieldName: resolver.FieldName ?? name,
        Kind: "PIPELINE",
        PipelineConfig: { Functions: steps },
        ...optional("CachingConfig", resolver.Caching),
        ...optional("SyncConfig", resolver.Sync),
        ...codeOf(id, resolver, defaultCode),
      })
    }
}

function codeOf(id: string, step: JsonObject, fallback?: string): JsonObject {
  const { CodeUri, InlineCode = CodeUri === undefined ? fallback : undefined } = step
  if (CodeUri === undefined && InlineCode === undefined)
    throw new Error(`${id}: one of CodeUri and InlineCode must be set`)
  const { Name = "APPSYNC_JS", Version = "1.0.0" } = objectOf(step.Runtime)
  return {
    Runtime: { Name, RuntimeVersion: Version },
    ...picked(step, ["MaxBatchSize"]),
    ...optional("CodeS3Location", CodeUri),
    ...optional("Code", InlineCode),
  }
}
