import type { Host, Service } from "../host.ts"
import { createAuthenticate } from "./auth/authenticate.ts"
import { createControlPlane } from "./controlPlane.ts"
import { answerGraphql } from "./http.ts"
import { createRealtime } from "./realtime/upgrade.ts"
import { type Api, createRegistry, type MakeResolvers } from "./registry.ts"
import { createResources } from "./resources.ts"

const endpointPath = /^(?:\/apis\/([^/]+))?\/graphql(\/realtime)?$/

const appSyncResolvers: MakeResolvers = async (host, definitions) =>
  (await import("./resolvers.ts")).createResolvers(host, definitions)

/**
 * AppSync: GraphQL at /graphql (the first API) and /apis/<id>/graphql, real time at the same with /realtime, the resources of
 * a template and the SDK's calls. Resolvers come from `makeResolvers`, by default those that run APPSYNC_JS.
 */
export function createAppSyncService(host: Host, makeResolvers: MakeResolvers = appSyncResolvers): Service {
  const registry = createRegistry(host, makeResolvers)
  const authenticate = createAuthenticate(host)
  const realtime = createRealtime(host, authenticate)

  const endpoint = (url: URL): { api: Api; graphqlPath: string; isRealtime: boolean } | undefined => {
    const [path, apiId, realtimePart] = endpointPath.exec(url.pathname) ?? []
    const api = apiId === undefined ? registry.first() : registry.apis.get(apiId)
    if (path === undefined || api === undefined) return undefined
    const isRealtime = realtimePart !== undefined
    return { api, isRealtime, graphqlPath: isRealtime ? path.slice(0, -realtimePart.length) : path }
  }

  return {
    name: "appsync",
    signingNames: ["appsync"],
    resources: createResources(host, registry),
    handle: createControlPlane(host, registry),

    http: async (request, response, url) => {
      const found = endpoint(url)
      if (found === undefined || found.isRealtime) return false
      await answerGraphql(host, authenticate, found.api, request, response, url)
      return true
    },

    upgrade: (request, socket, head, url) => {
      const found = endpoint(url)
      if (found === undefined) return false
      realtime.accept(found.api, found.graphqlPath, request, socket, head, url)
      return true
    },

    start: async () => {
      for (const api of registry.apis.values()) await api.engine()
    },

    stop: async () => realtime.stop(),
  }
}
