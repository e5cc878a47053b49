import { Sha256 } from "@aws-crypto/sha256-js"
import { SignatureV4 } from "@smithy/signature-v4"

/** An answer with errors: the API refused, or a resolver failed. */
export class GraphqlError extends Error {
  override readonly name = "GraphqlError"
  readonly errorType: string | undefined
  constructor(message: string, errorType?: string) {
    super(message)
    this.errorType = errorType
  }
}

/** Runs one operation signed with the function's role. Throws GraphqlError and the network's errors. */
export type Graphql = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>

/** A GraphQL client with SigV4, for IAM-authorized fields of an AppSync API. */
export function signedGraphql(url: string, credentials = fromEnvironment): Graphql {
  const { hostname, port, pathname, protocol } = new URL(url)
  const host = port === "" ? hostname : `${hostname}:${port}`
  return async (query, variables) => {
    const body = JSON.stringify({ query, variables })
    const signer = new SignatureV4({
      service: "appsync",
      region: process.env.AWS_REGION ?? "us-east-1",
      credentials: credentials(),
      sha256: Sha256,
    })
    const { headers } = await signer.sign({
      method: "POST",
      protocol,
      hostname,
      path: pathname,
      headers: { host, "content-type": "application/json" },
      query: {},
      body,
    })
    const response = await fetch(url, { method: "POST", headers, body })
    const answer = (await response.json()) as {
      data?: Record<string, unknown> | null
      errors?: { message: string; errorType?: string }[]
    }
    const error = answer.errors?.[0]
    if (error !== undefined) throw new GraphqlError(error.message, error.errorType)
    return answer.data ?? {}
  }
}

/** The role's credentials, as Lambda puts them into the environment. */
const fromEnvironment = () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
  ...(process.env.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: process.env.AWS_SESSION_TOKEN }),
})
