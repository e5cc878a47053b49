import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { FieldCall, FieldResult, ResolverDefinitions, Resolvers } from "../../../src/host/appsync/contract.ts"
import { createResolvers } from "../../../src/host/appsync/resolvers.ts"
import { createClock } from "../../../src/host/clock.ts"
import { openDurableMap } from "../../../src/host/durable.ts"
import type { Host, Json, JsonObject, ResourceRequest, Service } from "../../../src/host/host.ts"
import { createIamService } from "../../../src/host/iam/service.ts"

export const account = "123456789012"
export const region = "eu-west-1"
export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`

/** A host with the real identity service; other services are added by the test that needs them. */
export interface TestHost {
  readonly host: Host
  readonly warnings: string[]
  readonly logged: string[]
  role(name: string, statements: JsonObject[]): void
  serve(member: keyof Host, service: object): void
  close(): Promise<void>
}

export function createTestHost(): TestHost {
  const dataFolder = mkdtempSync(join(tmpdir(), "foldline-resolvers-"))
  const warnings: string[] = []
  const logged: string[] = []
  const services: Pick<Service, "stop">[] = []
  const host = {
    region,
    accountId: account,
    url: "http://127.0.0.1:1",
    dataFolder,
    clock: createClock(),
    faults: { at: () => undefined },
    log: {
      info: () => {},
      warn: (_: string, message: string) => warnings.push(message),
      lambda: (name: string, _: string, line: string) => logged.push(`${name}: ${line}`),
    },
    durable: <T extends Json>(name: string) => openDurableMap<T>(join(dataFolder, `${name}.jsonl`)),
  } as unknown as Host
  const iam = createIamService(host)
  Object.assign(host, { iam })
  return {
    host,
    warnings,
    logged,
    role: (name, statements) => {
      const document = { Version: "2012-10-17", Statement: statements }
      const properties = { RoleName: name, Policies: [{ PolicyName: "p", PolicyDocument: document }] }
      iam.resources?.["AWS::IAM::Role"]?.create(resource("AWS::IAM::Role", name, properties))
    },
    serve: (member, service: Pick<Service, "stop">) => {
      Object.assign(host, { [member]: service })
      services.push(service)
    },
    close: async () => {
      for (const service of services) await service.stop?.()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

export const resource = (type: string, name: string, properties: JsonObject): ResourceRequest => ({
  logicalId: name,
  stackName: "test",
  type,
  properties,
  metadata: {},
  physicalName: name,
})

/** Resolvers of fields of `Query`: a unit resolver is code, a pipeline code and functions. */
export function resolversOf(
  { host }: TestHost,
  fields: Record<string, { code?: string; source?: string; functions?: string[]; maxBatchSize?: number }>,
  given: Partial<ResolverDefinitions> = {},
): Resolvers {
  return createResolvers(host, {
    dataSources: [{ name: "none", properties: { Type: "NONE" } }],
    functions: [],
    environmentVariables: {},
    ...given,
    resolvers: Object.entries(fields).map(([fieldName, { code, source, functions, maxBatchSize }]) => ({
      typeName: "Query",
      fieldName,
      code,
      properties: {
        Kind: functions === undefined ? "UNIT" : "PIPELINE",
        ...(functions === undefined
          ? { DataSourceName: source ?? "none" }
          : { PipelineConfig: { Functions: functions } }),
        ...(maxBatchSize === undefined ? {} : { MaxBatchSize: maxBatchSize }),
      },
    })),
  })
}

/** A call of `Query.<fieldName>` by an API key, with 30 seconds from now. */
export const fieldCall = (fieldName: string, args: JsonObject = {}, more: Partial<FieldCall> = {}): FieldCall => ({
  parentType: "Query",
  fieldName,
  arguments: args,
  source: null,
  identity: null,
  authMode: "API_KEY",
  request: { headers: {}, domainName: null },
  info: {
    fieldName,
    parentTypeName: "Query",
    variables: {},
    selectionSetList: ["id"],
    selectionSetGraphQL: "{\n  id\n}",
  },
  deadline: Date.now() + 30_000,
  ...more,
})

/** Runs one unit resolver over NONE and gives what its response returned. */
export const evaluate = async (test: TestHost, code: string, args: JsonObject = {}): Promise<FieldResult> =>
  resolversOf(test, { it: { code } }).run(fieldCall("it", args))
