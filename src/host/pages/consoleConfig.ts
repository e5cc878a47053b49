import { sendJson } from "../endpoint/respond.ts"
import type { RunningHost } from "../options.ts"
import type { PageHandler } from "../server.ts"

/** `/config.json`: what a page served here needs to reach the backend; nothing in it is secret. 503 until the app is deployed. */
export const consoleConfig =
  (local: () => RunningHost["local"] | undefined): PageHandler =>
  (_request, response) => {
    const found = local()
    if (found === undefined) return sendJson(response, 503, { message: "the host is starting" })
    const { graphqlUrl, region, userPoolId, clientId, endpointUrl } = found
    sendJson(response, 200, { graphqlUrl, region, userPoolId, clientId, endpointUrl })
  }
