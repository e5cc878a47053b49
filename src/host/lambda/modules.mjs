/** How a function's `require` differs from Node's own: layers in /opt, and clients of the SDK that Lambda has and this host lacks. */
import Module from "node:module"
import path from "node:path"

/** A file that is required by its path in /opt is looked for where the layers are unpacked. */
export function findLayers(/** @type {string} */ optRoot) {
  const resolveFilename = Module._resolveFilename
  Module._resolveFilename = function (request, ...rest) {
    const isInLayer = request.startsWith("/opt/")
    return resolveFilename.call(this, isInLayer ? path.join(optRoot, request.slice("/opt/".length)) : request, ...rest)
  }
}

const isClient = request => /^@aws-sdk\/(client|lib)-[\w-]+$/.test(request)

/** A client that is not installed can be required; using it says what to install. (An `import` of it fails at once.) */
export function tolerateMissingClients() {
  const load = Module._load
  Module._load = function (request, ...rest) {
    try {
      return load.call(this, request, ...rest)
    } catch (error) {
      if (error?.code !== "MODULE_NOT_FOUND" || !isClient(request)) throw error
      return missing(request)
    }
  }
}

const missing = name =>
  new Proxy(
    {},
    {
      get: (_, member) => {
        if (typeof member === "symbol" || member === "__esModule" || member === "default") return undefined
        return class {
          constructor() {
            throw new Error(
              `Cannot find package '${name}': install it beside the app, since this host lacks Lambda's copy`,
            )
          }
        }
      },
      has: () => true,
    },
  )
