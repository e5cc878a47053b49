import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import {
  type Assembly,
  type DeployedResource,
  type DeployResult,
  deploy,
  openAssembly,
} from "./cloudformation/deploy.ts"
import { createDemoUsers } from "./demoUsers.ts"
import { type DurableMap, openDurableMap } from "./durable.ts"
import { noFaults } from "./faults.ts"
import type { Host, HostLog, Json, Service } from "./host.ts"
import { openKeptClock } from "./keptClock.ts"
import { lockFolder } from "./lock.ts"
import { createLog } from "./log.ts"
import type { HostOptions, RunningHost } from "./options.ts"
import { clockPage } from "./pages/clockPage.ts"
import { consoleConfig } from "./pages/consoleConfig.ts"
import { graphiqlPages } from "./pages/graphiqlPages.ts"
import { openServer } from "./server.ts"
import { createServices, type Services } from "./services.ts"

/**
 * Runs a template: opens the port, creates every resource and starts delivery. Throws an Error with one clear line when the
 * port or the data folder is taken, or when the template cannot run; nothing is left behind then.
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const closing: (() => unknown)[] = []
  const close = async () => {
    const errors: unknown[] = []
    for (const end of closing.splice(0).reverse())
      await Promise.resolve()
        .then(end)
        .catch(error => errors.push(error))
    if (errors.length > 0) throw errors[0]
  }
  try {
    return await start(options, closing, close)
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}

async function start(
  options: HostOptions,
  closing: (() => unknown)[],
  close: () => Promise<void>,
): Promise<RunningHost> {
  const assembly = openAssembly(options.template)
  const server = await openServer(options.port)
  closing.push(server.close)
  const dataFolder = openDataFolder(options.dataFolder, closing)
  const log = createLog(options.print ?? (() => {}), join(dataFolder, "lambda.log"))
  closing.push(log.flush)

  const surroundings = { options, assembly, url: server.url, dataFolder, log, closing }
  const host = createHost(surroundings, () => services)
  const services: Services = await createServices(host)
  const all: readonly Service[] = Object.values(services)
  for (const service of all) closing.push(() => service.stop?.())

  let local: RunningHost["local"] | undefined
  server.serve(host, all, {
    consoleFolder: options.consoleFolder === undefined ? undefined : resolve(options.consoleFolder),
    pages: {
      "/config.json": consoleConfig(() => local),
      "/_host/clock": clockPage(host.clock),
      ...graphiqlPages(() => local),
      ...options.pages,
    },
    links: () => (local === undefined ? {} : linksOf(local, host.url)),
  })

  const deployed = await deploy(assembly, {
    region: host.region,
    accountId: host.accountId,
    parameters: options.parameters ?? {},
    provider: type => all.find(service => service.resources?.[type] !== undefined)?.resources?.[type],
    dynamicValue: (service, reference) =>
      service === "secretsmanager" ? services.secrets.resolve(reference) : services.parameterStore.value(reference),
  })
  services.stacks.show(deployed)
  reportGaps(deployed, options.strict === true, log)

  local = describe(host, deployed, options, services.apiGateway.endpoint() ?? services.restApis.endpoint())
  if (local.userPoolId !== null) {
    const users = await createDemoUsers(host, services.userPools, local.userPoolId, local.users)
    local = { ...local, users }
  }
  for (const service of all) await service.start?.()
  server.ready()
  return { url: host.url, local, host, unusedStatements: services.iam.unusedStatements, stop: close }
}

interface Surroundings {
  readonly options: HostOptions
  readonly assembly: Assembly
  readonly url: string
  readonly dataFolder: string
  readonly log: HostLog
  /** What `stop` has to end, in reverse order. */
  readonly closing: (() => unknown)[]
}

/** The host that services are made with; it reads its own members late, since they are made with it. */
function createHost(
  { options, assembly, url, dataFolder, log, closing }: Surroundings,
  services: () => Services,
): Host {
  const isFresh = options.dataFolder === undefined
  const named = new Set<string>()
  const keptLead = openDurableMap<number>(isFresh ? undefined : join(dataFolder, "clock.journal"))
  const clock = openKeptClock(keptLead, options.speed, options.clockAheadMs)
  closing.push(keptLead.close, clock.stop)
  return {
    region: options.region ?? assembly.stacks.find(stack => stack.region)?.region ?? "eu-west-1",
    accountId: options.accountId ?? assembly.stacks.find(stack => stack.accountId)?.accountId ?? "123456789012",
    url,
    dataFolder,
    clock,
    log,
    faults: options.faults ?? noFaults,
    ...(options.meter === undefined ? {} : { meter: options.meter }),
    assets: assembly.assets,
    durable: <T extends Json>(name: string): DurableMap<T> => {
      if (named.has(name)) throw new Error(`the durable map ${name} has two owners`)
      named.add(name)
      const map = openDurableMap<T>(isFresh ? undefined : join(dataFolder, `${name}.journal`))
      closing.push(map.close)
      return map
    },
    get iam() {
      return services().iam
    },
    get lambda() {
      return services().lambda
    },
    get queues() {
      return services().queues
    },
    get buses() {
      return services().buses
    },
    get topics() {
      return services().sns
    },
    get stateMachines() {
      return services().stateMachines
    },
    get dynamodb() {
      return services().dynamodb
    },
    get userPools() {
      return services().userPools
    },
    get mailbox() {
      return services().mailbox
    },
  }
}

function openDataFolder(kept: string | undefined, closing: (() => unknown)[]): string {
  if (kept === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "foldline-"))
    closing.push(() => rmSync(folder, { recursive: true, force: true }))
    return folder
  }
  const folder = resolve(kept)
  mkdirSync(folder, { recursive: true })
  closing.push(lockFolder(folder))
  return folder
}

function reportGaps({ gaps }: DeployResult, isStrict: boolean, log: HostLog): void {
  if (isStrict && gaps.length > 0)
    throw new Error(`the template asks for what this host does not do:\n${gaps.join("\n")}`)
  for (const gap of gaps) log.warn("template", gap)
}

function describe(
  host: Host,
  deployed: DeployResult,
  options: HostOptions,
  restUrl: string | undefined,
): RunningHost["local"] {
  const first = (type: string): DeployedResource | undefined =>
    deployed.resources.find(resource => resource.type === type)
  const attribute = (type: string, name: string) => {
    const value = first(type)?.attributes?.[name]
    return typeof value === "string" ? value : undefined
  }
  const userPool = first("AWS::Cognito::UserPool")
  const graphqlUrl = attribute("AWS::AppSync::GraphQLApi", "GraphQLUrl") ?? `${host.url}/graphql`
  return {
    graphqlUrl,
    realtimeUrl:
      attribute("AWS::AppSync::GraphQLApi", "RealtimeUrl") ?? `${graphqlUrl.replace(/^http/, "ws")}/realtime`,
    endpointUrl: host.url,
    restUrl: restUrl ?? null,
    apiKey: attribute("AWS::AppSync::ApiKey", "ApiKey") ?? null,
    region: host.region,
    userPoolId: userPool?.ref ?? null,
    clientId: first("AWS::Cognito::UserPoolClient")?.ref ?? null,
    users: userPool === undefined ? [] : (options.demoUsers ?? []),
    outputs: deployed.outputs,
    resources: Object.fromEntries(
      deployed.resources.map(({ stackName, logicalId, ref }) => [`${stackName}.${logicalId}`, ref]),
    ),
  }
}

function linksOf(local: RunningHost["local"], url: string): Record<string, string> {
  return {
    GraphQL: local.graphqlUrl,
    ...(local.restUrl === null ? {} : { REST: local.restUrl }),
    GraphiQL: `${url}/graphiql`,
    "Real time": local.realtimeUrl,
    "AWS endpoint": url,
    Mail: `${url}/mail`,
    Health: `${url}/healthz`,
  }
}
