import { createClock } from "../../../src/host/clock.ts"
import { type DurableMap, openDurableMap } from "../../../src/host/durable.ts"
import {
  AwsError,
  type Faults,
  type Host,
  type InvokedBy,
  type Json,
  type JsonObject,
  type Mail,
  type ResourceRequest,
  type SentAttribute,
  type Service,
} from "../../../src/host/host.ts"
import { createIamService } from "../../../src/host/iam/service.ts"
import { openServer } from "../../../src/host/server.ts"

export interface Invocation {
  functionArn: string
  payload: Json
  by: InvokedBy
}

export interface SentMessage {
  queueArn: string
  body: string
  attributes: Readonly<Record<string, SentAttribute>>
  groupId: string | undefined
}

/** What the surroundings of a service under test took in, and how they behave. */
export interface Surroundings {
  readonly invocations: Invocation[]
  readonly messages: SentMessage[]
  readonly mails: Mail[]
  readonly warnings: string[]
  /** Thrown by the next calls to a target, by its ARN. */
  readonly refusals: Map<string, AwsError>
  /** Answer of a function that is waited for. */
  respond: (functionArn: string, payload: Json) => Json
}

export interface TestHost extends Surroundings {
  readonly host: Host
  readonly url: string
  create(service: Service, type: string, logicalId: string, properties: JsonObject): Promise<Record<string, Json>>
  addRole(name: string, statements: JsonObject[]): Promise<string>
  serve(services: readonly Service[]): void
  close(): Promise<void>
}

/** A host around one service: real clock, durable maps, IAM and HTTP endpoint; functions, queues and mails are collected. */
export async function openTestHost(options: { faults?: Faults; folder?: string } = {}): Promise<TestHost> {
  const server = await openServer(0)
  const maps: DurableMap<Json>[] = []
  const around: Surroundings = {
    invocations: [],
    messages: [],
    mails: [],
    warnings: [],
    refusals: new Map(),
    respond: (_functionArn, payload) => payload,
  }
  const refuse = (arn: string) => {
    const refusal = around.refusals.get(arn)
    if (refusal) throw refusal
  }
  const host: Host = {
    region: "eu-west-1",
    accountId: "123456789012",
    url: server.url,
    dataFolder: options.folder ?? "",
    clock: createClock(),
    log: { info: () => {}, warn: (_component, message) => around.warnings.push(message), lambda: () => {} },
    faults: options.faults ?? { at: () => undefined },
    assets: { resolve: () => "", resolveUrl: () => "" },
    durable: <T extends Json>(name: string) => {
      const map = openDurableMap<T>(options.folder === undefined ? undefined : `${options.folder}/${name}.journal`)
      maps.push(map as unknown as DurableMap<Json>)
      return map
    },
    get iam() {
      return iam
    },
    lambda: {
      exists: () => true,
      invoke: async (functionArn, payload, by) => {
        refuse(functionArn)
        around.invocations.push({ functionArn, payload, by })
        return { payload: around.respond(functionArn, payload), requestId: "request" }
      },
      invokeAsync: async (functionArn, payload, by) => {
        refuse(functionArn)
        around.invocations.push({ functionArn, payload, by })
        return { requestId: "request" }
      },
    },
    queues: {
      exists: () => true,
      send: async (queueArn, body, attributes = {}, _by, groupId) => {
        refuse(queueArn)
        around.messages.push({ queueArn, body, attributes, groupId })
      },
      receive: async () => [],
      delete: async () => {},
      release: async () => {},
      hold: () => () => {},
      onMessage: () => {},
    },
    topics: {
      publish: async (topicArn, message) => {
        refuse(topicArn)
        around.messages.push({ queueArn: topicArn, body: message, attributes: {}, groupId: undefined })
      },
    },
    get buses() {
      return unavailable("buses")
    },
    get stateMachines() {
      return unavailable("stateMachines")
    },
    get dynamodb() {
      return unavailable("dynamodb")
    },
    get userPools() {
      return unavailable("userPools")
    },
    mailbox: { messages: around.mails, deliver: mail => around.mails.push(mail) },
  }
  const iam = createIamService(host)

  return Object.assign(around, {
    host,
    url: server.url,
    create: async (service: Service, type: string, logicalId: string, properties: JsonObject) => {
      const request: ResourceRequest = {
        logicalId,
        stackName: "test",
        type,
        properties,
        metadata: {},
        physicalName: `test-${logicalId}`,
      }
      const created = await service.resources?.[type]?.create(request)
      if (!created) throw new Error(`no provider for ${type}`)
      return { ref: created.ref, ...created.attributes }
    },
    addRole: async (name: string, statements: JsonObject[]) => {
      const properties = {
        RoleName: name,
        AssumeRolePolicyDocument: {},
        Policies: [{ PolicyName: "policy", PolicyDocument: { Version: "2012-10-17", Statement: statements } }],
      }
      const request = { logicalId: name, stackName: "test", type: "AWS::IAM::Role", properties, metadata: {} }
      const created = await iam.resources?.["AWS::IAM::Role"]?.create({ ...request, physicalName: name })
      return String(created?.attributes?.Arn)
    },
    serve: (services: readonly Service[]) => server.serve(host, services, { pages: {}, links: () => ({}) }),
    close: async () => {
      for (const map of maps) map.close()
      await server.close()
    },
  })
}

const triesMax = 4_000

/** Waits until something holds; fails the test when it does not for 20 seconds. */
export async function eventually<T>(look: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < triesMax; tries++) {
    const found = look()
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  throw new Error("it did not happen within 20 seconds")
}

/** Lets everything that is due now happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setTimeout(resolve, 1))
}

function unavailable(name: string): never {
  throw new AwsError("InternalFailure", `the test host has no ${name}`)
}
