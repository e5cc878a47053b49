import type { Credentials } from "../host.ts"

/** A request that the host itself sends. */
export interface OutgoingRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | undefined
}

/** The headers of a request with its SigV4 signature, without `host`, which the client sets. */
export async function signRequest(
  { method, url, headers, body }: OutgoingRequest,
  credentials: Credentials,
  region: string,
  service: string,
): Promise<Record<string, string>> {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import("@smithy/signature-v4"),
    import("@aws-crypto/sha256-js"),
  ])
  const signer = new SignatureV4({
    credentials,
    region,
    service,
    sha256: Sha256,
    ...(service === "s3" && { uriEscapePath: false }),
  })
  const request = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries([...new Set(url.searchParams.keys())].map(name => [name, url.searchParams.getAll(name)])),
    headers: { ...headers, host: url.host },
    ...(body === undefined ? {} : { body }),
  })
  const { host: _, ...sent } = request.headers
  return sent
}
