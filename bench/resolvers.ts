import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { FieldCall } from "../src/host/appsync/contract.ts"
import { createDataSource } from "../src/host/appsync/datasources/createDataSource.ts"
import { readDataSource } from "../src/host/appsync/resolverDefinitions.ts"
import { createResolvers } from "../src/host/appsync/resolvers.ts"
import type { Host, JsonObject } from "../src/host/host.ts"
import { startHost } from "../src/host/start.ts"
import { median } from "./load.ts"
import type { Bench } from "./report.ts"
import { scratchFolder } from "./scratch.ts"

/** What a resolver adds to its data source, in milliseconds at the median. */
export interface ResolverCost {
  readonly calls: number
  readonly sourceMs: number
  readonly unitMs: number
  readonly pipelineMs: number
}

const table = "items"
const template = {
  Resources: {
    Items: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      },
    },
    Reader: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: "reader",
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: "Allow", Principal: { Service: "appsync.amazonaws.com" }, Action: "sts:AssumeRole" }],
        },
        Policies: [
          {
            PolicyName: "read",
            PolicyDocument: { Statement: [{ Effect: "Allow", Action: "dynamodb:GetItem", Resource: "*" }] },
          },
        ],
      },
    },
  },
}

const read = `
  import { util } from "@aws-appsync/utils"
  export const request = ctx => ({ operation: "GetItem", key: util.dynamodb.toMapValues({ id: ctx.args.id }) })
  export const response = ctx => (ctx.error ? util.error(ctx.error.message, ctx.error.type) : ctx.result)`
const around = `
  import { util } from "@aws-appsync/utils"
  export function request(ctx) {
    if (!ctx.args.id) util.error("an id is needed", "BadRequest")
    ctx.stash.asked = ctx.args.id
    return {}
  }
  export const response = ctx => ctx.prev.result`

/** One GetItem by the data source alone, by a unit resolver and by a pipeline of one function, in turns. */
export async function resolverCalls({ quick, tell }: Bench): Promise<ResolverCost> {
  const folder = scratchFolder()
  const path = join(folder, "template.json")
  writeFileSync(path, JSON.stringify(template))
  const running = await startHost({ template: path, port: 0 })
  try {
    const calls = quick ? 1_000 : 5_000
    tell(`${calls} calls each of a data source, a unit resolver and a pipeline`)
    return await timed(running.host, calls)
  } finally {
    await running.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function timed(host: Host, calls: number): Promise<ResolverCost> {
  await host.dynamodb.call("PutItem", { TableName: table, Item: { id: { S: "1" }, name: { S: "An item" } } })
  const properties: JsonObject = {
    Name: "items",
    Type: "AMAZON_DYNAMODB",
    ServiceRoleArn: `arn:aws:iam::${host.accountId}:role/reader`,
    DynamoDBConfig: { TableName: table, AwsRegion: host.region },
  }
  const source = createDataSource(host, readDataSource({ name: "items", properties }))
  const resolvers = createResolvers(host, {
    dataSources: [{ name: "items", properties }],
    functions: [{ functionId: "read", code: read, properties: { Name: "read", DataSourceName: "items" } }],
    resolvers: [
      { typeName: "Query", fieldName: "unit", code: read, properties: { DataSourceName: "items" } },
      {
        typeName: "Query",
        fieldName: "pipeline",
        code: around,
        properties: { Kind: "PIPELINE", PipelineConfig: { Functions: ["read"] } },
      },
    ],
    environmentVariables: {},
  })
  const ways = {
    source: async () => {
      const request = { operation: "GetItem", key: { id: { S: "1" } } }
      return (await source.invoke(request, { resolverId: "bare", field: fieldCall("bare") })).result
    },
    unit: async () => (await resolvers.run(fieldCall("unit"))).value,
    pipeline: async () => (await resolvers.run(fieldCall("pipeline"))).value,
  }
  const took: Record<keyof typeof ways, number[]> = { source: [], unit: [], pipeline: [] }
  for (let call = -calls / 5; call < calls; call++)
    for (const [way, ask] of Object.entries(ways)) {
      const started = performance.now()
      const answer = JSON.stringify(await ask())
      if (call >= 0) took[way as keyof typeof ways].push(performance.now() - started)
      if (!answer.includes("An item")) throw new Error(`${way} answered ${answer}`)
    }
  return { calls, sourceMs: median(took.source), unitMs: median(took.unit), pipelineMs: median(took.pipeline) }
}

const fieldCall = (fieldName: string): FieldCall => ({
  parentType: "Query",
  fieldName,
  arguments: { id: "1" },
  source: null,
  identity: null,
  authMode: "API_KEY",
  request: { headers: {}, domainName: null },
  info: { fieldName, parentTypeName: "Query", variables: {}, selectionSetList: [], selectionSetGraphQL: "" },
  deadline: Date.now() + 30_000,
})
