import type { DurableMap } from "../durable.ts"
import type { Host } from "../host.ts"
import type { ApiConfig } from "./api.ts"
import type { ApiKey } from "./auth/apiKey.ts"
import { type ApiCache, cachedResolvers, createApiCache } from "./cache.ts"
import type {
  CacheSettings,
  DataSourceDefinition,
  FunctionDefinition,
  ResolverDefinition,
  ResolverDefinitions,
  Resolvers,
} from "./contract.ts"
import { createAccess } from "./execution/access.ts"
import { createEngine, type Engine } from "./execution/engine.ts"
import { createHub, type Hub } from "./realtime/hub.ts"
import { fieldKey, readCaching } from "./resolverDefinitions.ts"
import type { ApiSchema } from "./schema/schema.ts"

/** Makes the resolvers of an API; throws for code that AppSync would refuse. */
export type MakeResolvers = (host: Host, definitions: ResolverDefinitions) => Resolvers | Promise<Resolvers>

/** One GraphQL API with all that belongs to it. */
export interface Api {
  config: ApiConfig
  schema: ApiSchema | undefined
  readonly keys: Map<string, ApiKey>
  readonly dataSources: Map<string, DataSourceDefinition>
  readonly functions: Map<string, FunctionDefinition>
  readonly resolvers: Map<string, ResolverDefinition>
  readonly hub: Hub
  readonly cache: ApiCache
  /** Undefined: the API caches nothing. */
  caching: CacheSettings | undefined
  /** The engine over the API as it is; undefined while it has no schema. */
  engine(): Promise<Engine | undefined>
  /** To be called after a change of the schema, a resolver or a setting. */
  changed(): void
}

/** The APIs of the host, in the order of their creation. */
export interface Registry {
  readonly apis: ReadonlyMap<string, Api>
  /** Makes the API, or gives the existing one the new settings. */
  put(config: ApiConfig): Api
  remove(apiId: string): boolean
  /** Keys that calls made, by `<API id>/<key id>`: they come back after a restart. */
  readonly madeKeys: DurableMap<ApiKey>
  first(): Api | undefined
}

/** Keeps the APIs and builds their engines when first asked for. */
export function createRegistry(host: Host, makeResolvers: MakeResolvers): Registry {
  const apis = new Map<string, Api>()
  const madeKeys = host.durable<ApiKey>("appsync.apiKeys")
  const madeKeysOf = (apiId: string) => [...madeKeys.entries()].filter(([key]) => key.startsWith(`${apiId}/`))

  const newApi = (config: ApiConfig): Api => {
    let engine: Promise<Engine | undefined> | undefined
    const api: Api = {
      config,
      schema: undefined,
      keys: new Map(madeKeysOf(config.id).map(([, key]) => [key.id, key])),
      dataSources: new Map(),
      functions: new Map(),
      resolvers: new Map(),
      hub: createHub(),
      cache: createApiCache(host.clock),
      caching: undefined,
      engine: () => {
        engine ??= buildEngine(host, api, makeResolvers)
        return engine
      },
      changed: () => {
        engine = undefined
      },
    }
    return api
  }

  return {
    apis,
    put: config => {
      const api = apis.get(config.id) ?? newApi(config)
      api.config = config
      api.changed()
      apis.set(config.id, api)
      return api
    },
    remove: apiId => apis.delete(apiId),
    madeKeys,
    first: () => apis.values().next().value,
  }
}

async function buildEngine(host: Host, api: Api, makeResolvers: MakeResolvers): Promise<Engine | undefined> {
  const { config, schema } = api
  if (schema === undefined) return undefined
  const resolvers = await makeResolvers(host, {
    dataSources: [...api.dataSources.values()],
    functions: [...api.functions.values()],
    resolvers: [...api.resolvers.values()],
    environmentVariables: config.environmentVariables,
  })
  return createEngine(host.clock, config, schema, behindCache(host, api, resolvers), createAccess(host, config, schema))
}

function behindCache(host: Host, { cache, caching, resolvers: definitions }: Api, resolvers: Resolvers): Resolvers {
  if (caching === undefined) return resolvers
  return cachedResolvers(resolvers, host.clock, cache, caching, (parentType, fieldName) => {
    const definition = definitions.get(fieldKey(parentType, fieldName))
    return definition && readCaching(definition)
  })
}
