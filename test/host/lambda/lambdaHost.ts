import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { type Clock, createClock } from "../../../src/host/clock.ts"
import { type DurableMap, openDurableMap } from "../../../src/host/durable.ts"
import type {
  BusEntry,
  CreatedResource,
  DynamoDb,
  Faults,
  Host,
  Json,
  JsonObject,
  Queues,
  SentAttribute,
} from "../../../src/host/host.ts"
import { createIamService } from "../../../src/host/iam/service.ts"
import { createLambdaService } from "../../../src/host/lambda/service.ts"

/** A compute service on a host of its own, with what it sent and logged. */
export interface LambdaHost {
  readonly host: Host
  readonly clock: Clock
  readonly service: ReturnType<typeof createLambdaService>
  readonly folder: string
  readonly sent: { queueArn: string; body: Json; attributes: Readonly<Record<string, SentAttribute>> }[]
  readonly put: BusEntry[]
  readonly lines: { functionName: string; requestId: string; line: string }[]
  readonly warnings: string[]
  create(type: string, properties: JsonObject, logicalId?: string): Promise<CreatedResource>
  /** Deploys a function from files; gives its ARN. */
  deploy(name: string, files: Record<string, string>, properties?: JsonObject): Promise<string>
  /** Ends the service and keeps the folder, as a kill does. */
  restart(): Promise<LambdaHost>
  stop(): Promise<void>
}

interface Parts {
  readonly faults?: Faults
  readonly queues?: (host: Host) => Partial<Queues>
  readonly dynamodb?: (host: Host) => Partial<DynamoDb>
  readonly folder?: string
  readonly clock?: Clock
  /** Statements of the role of all functions; by default it may do everything. */
  readonly statements?: JsonObject[]
}

export const everything: JsonObject = { Effect: "Allow", Action: "*", Resource: "*" }
const roleArn = "arn:aws:iam::123456789012:role/worker"

export async function startLambdaHost(parts: Parts = {}): Promise<LambdaHost> {
  const folder = parts.folder ?? mkdtempSync(path.join(tmpdir(), "lambda-"))
  const clock = parts.clock ?? createClock()
  const sent: LambdaHost["sent"] = []
  const put: BusEntry[] = []
  const lines: LambdaHost["lines"] = []
  const warnings: string[] = []
  const maps: DurableMap<never>[] = []

  const host = {
    region: "eu-west-1",
    accountId: "123456789012",
    url: "http://127.0.0.1:1",
    dataFolder: folder,
    clock,
    log: {
      info: () => {},
      warn: (_: string, message: string) => warnings.push(message),
      lambda: (functionName: string, requestId: string, line: string) => lines.push({ functionName, requestId, line }),
    },
    faults: parts.faults ?? { at: () => undefined },
    assets: { resolve: (bucket: string, key: string) => path.join(folder, bucket, key) },
    durable: <T extends Json>(name: string) => {
      const map = openDurableMap<T>(path.join(folder, `${name}.jsonl`))
      maps.push(map as DurableMap<never>)
      return map
    },
    buses: {
      put: async (entries: readonly BusEntry[]) => {
        put.push(...entries)
        return entries.map(() => ({ EventId: "1" }))
      },
    },
  } as unknown as { -readonly [Part in keyof Host]: Host[Part] }

  const queues: Partial<Queues> = {
    send: async (queueArn, body, attributes = {}) => {
      sent.push({ queueArn, body: JSON.parse(body), attributes })
    },
    ...parts.queues?.(host),
  }
  const iam = createIamService(host)
  host.iam = iam
  host.queues = queues as Queues
  host.dynamodb = (parts.dynamodb?.(host) ?? {}) as DynamoDb
  const service = createLambdaService(host)
  host.lambda = service

  const create: LambdaHost["create"] = async (
    type,
    properties,
    logicalId = `${type}${JSON.stringify(properties).length}`,
  ) => {
    const provider = { ...iam.resources, ...service.resources }[type]
    if (provider === undefined) throw new Error(`no provider of ${type}`)
    const physicalName = `stack-${logicalId}`
    return provider.create({ logicalId, stackName: "stack", type, properties, metadata: {}, physicalName })
  }
  await create("AWS::IAM::Role", {
    RoleName: "worker",
    AssumeRolePolicyDocument: {},
    Policies: [{ PolicyName: "all", PolicyDocument: { Statement: parts.statements ?? [everything] } }],
  })

  const stopService = async () => {
    await service.stop?.()
    for (const map of maps) map.close()
  }

  return {
    host,
    clock,
    service,
    folder,
    sent,
    put,
    lines,
    warnings,
    create,
    deploy: async (name, files, properties = {}) => {
      for (const [file, content] of Object.entries(files)) {
        const target = path.join(folder, "assets", name, file)
        mkdirSync(path.dirname(target), { recursive: true })
        writeFileSync(target, content)
      }
      const { attributes } = await create("AWS::Lambda::Function", {
        FunctionName: name,
        Role: roleArn,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { S3Bucket: "assets", S3Key: name },
        ...properties,
      })
      return String(attributes?.Arn)
    },
    restart: async () => {
      await stopService()
      return startLambdaHost({ ...parts, folder, clock })
    },
    stop: async () => {
      await stopService()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until the condition holds; fails after five seconds. */
export async function eventually(condition: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > giveUpAt) throw new Error("it did not happen within 20 s")
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
