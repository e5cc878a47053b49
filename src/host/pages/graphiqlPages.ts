import { createReadStream, existsSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, extname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { sendJson } from "../endpoint/respond.ts"
import type { RunningHost } from "../options.ts"
import type { PageHandler } from "../server.ts"

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
}
const own = (name: string) => fileURLToPath(new URL(`graphiql/${name}`, import.meta.url))

/**
 * GraphiQL at `/graphiql`, whole and offline, with the demo users and the API key to choose from. Empty when its packages are
 * not installed.
 */
export function graphiqlPages(local: () => RunningHost["local"] | undefined): Readonly<Record<string, PageHandler>> {
  const files = {
    "/graphiql": own("index.html"),
    "/graphiql/page.mjs": own("page.mjs"),
    "/graphiql/signIn.mjs": own("signIn.mjs"),
    "/graphiql/subscribe.mjs": own("subscribe.mjs"),
    "/graphiql/react.js": packaged("react", "umd/react.production.min.js"),
    "/graphiql/react-dom.js": packaged("react-dom", "umd/react-dom.production.min.js"),
    "/graphiql/graphiql.js": packaged("graphiql", "graphiql.min.js"),
    "/graphiql/graphiql.css": packaged("graphiql", "graphiql.min.css"),
  }
  const pages: Record<string, PageHandler> = {
    "/graphiql/local.json": (_request, response) => {
      const found = local()
      if (found === undefined) return sendJson(response, 503, { message: "the host is starting" })
      const { graphqlUrl, realtimeUrl, endpointUrl, apiKey, clientId, users } = found
      sendJson(response, 200, { graphqlUrl, realtimeUrl, endpointUrl, apiKey, clientId, users })
    },
  }
  for (const [path, file] of Object.entries(files)) {
    if (file === undefined) return {}
    pages[path] = sendFile(file)
  }
  return pages
}

const sendFile =
  (file: string): PageHandler =>
  (_request, response) => {
    response.writeHead(200, { "content-type": contentTypes[extname(file)] ?? "", "cache-control": "no-cache" })
    createReadStream(file).pipe(response)
  }

function packaged(name: string, file: string): string | undefined {
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file)
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}
