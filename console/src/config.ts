import { Amplify } from "aws-amplify"

/** What `config.json`, beside the page, tells about the backend. */
interface Config {
  readonly graphqlUrl: string
  readonly region: string
  readonly userPoolId: string
  readonly clientId: string
  /** Where Cognito answers when it is not AWS: the local host. */
  readonly endpointUrl?: string
}

/** Points Amplify at the backend that serves this page. Throws when `config.json` cannot be read. */
export async function configure(): Promise<void> {
  const response = await fetch("./config.json", { cache: "no-store" })
  if (!response.ok) throw new Error(`config.json answers ${response.status}`)
  const { graphqlUrl, region, userPoolId, clientId, endpointUrl }: Config = await response.json()
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId,
        userPoolClientId: clientId,
        ...(endpointUrl === undefined ? {} : { userPoolEndpoint: endpointUrl }),
      },
    },
    API: { GraphQL: { endpoint: graphqlUrl, region, defaultAuthMode: "lambda" } },
  })
  if (graphqlUrl.startsWith("http:")) allowPlainSockets()
}

/** Amplify always asks for wss; a host on plain http speaks ws. */
function allowPlainSockets(): void {
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(String(url).replace(/^wss:/, "ws:"), protocols)
    }
  }
}
