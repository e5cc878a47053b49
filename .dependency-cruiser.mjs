/** Who may import what: the rooms of docs/architecture.md as rules. Run by `npm test`. */

const zod = "^node_modules/zod/"

/** What every adapter may look at: the environment, and the limits that all stores keep. */
const sharedByAdapters = ["^src/adapters/environment\\.ts$", "^src/adapters/dynamodb/limits\\.ts$"]

/** A room may import these paths, and nothing else that is ours, of the network's packages or of Node. `$1` is the folder matched by `path`. */
const room = (name, path, ...may) => ({
  name: `${name}-imports-only-what-it-may`,
  severity: "error",
  from: { path, pathNot: "\\.test\\.ts$" },
  to: { pathNot: may },
})

/** A room may import any package, but of this repository only these paths. */
const roomOfOurs = (name, path, ...may) => ({
  name: `${name}-imports-only-what-it-may`,
  severity: "error",
  from: { path, pathNot: "\\.test\\.ts$" },
  to: { path: "^(?:src|outside|infra|resolvers|console|test|bin)/", pathNot: may },
})

export default {
  forbidden: [
    room("core", "^src/core/", "^src/core/", zod),
    room(
      "context",
      "^src/contexts/([^/]+)/",
      "^src/core/index\\.ts$",
      "^src/contexts/$1/",
      "^src/contexts/[^/]+/index\\.ts$",
      zod,
    ),
    room("app", "^src/contexts/index\\.ts$", "^src/core/index\\.ts$", "^src/contexts/[^/]+/index\\.ts$"),
    roomOfOurs("adapter", "^src/adapters/([^/]+)/", "^src/core/", "^src/adapters/$1/", ...sharedByAdapters),
    roomOfOurs("lambda", "^src/lambdas/", "^src/(?:core|adapters|lambdas)/", "^src/contexts/index\\.ts$"),
    roomOfOurs("model", "^src/model/", "^src/(?:core|model)/", "^src/contexts/index\\.ts$"),
    roomOfOurs("infra", "^infra/", "^infra/", "^src/(?:core|model)/", "^src/contexts/index\\.ts$"),
    roomOfOurs("cli", "^src/cli/", "^src/(?:cli|core|model|host)/", "^src/contexts/index\\.ts$"),
    roomOfOurs("outside", "^outside/", "^outside/"),
    roomOfOurs("host", "^src/host/", "^src/host/"),
    roomOfOurs("console", "^console/", "^console/"),
    room("resolver", "^resolvers/", "^resolvers/parts/", "^node_modules/@aws-appsync/utils/"),
    { name: "nothing-goes-in-circles", severity: "error", from: {}, to: { circular: true } },
    { name: "everything-is-found", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "what-runs-is-a-dependency",
      comment: "Functions run on packages that `dependencies` names.",
      severity: "error",
      from: { path: "^src/(?:core|contexts|adapters|lambdas)/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^console/dist/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
}
