import type { RunningHost } from "../host/options.ts"
import { CliError } from "./cliError.ts"

/** Where a service outside is, and the key by which it is asked. */
export interface ServiceAddress {
  readonly url: string
  readonly key: string
  /** What the service signs with when it calls. */
  readonly hook?: string
}

/** Fills in the secrets that tell the app where its services outside are, as an operator would; by the service's name. */
export async function connectServices(
  { url, local }: Pick<RunningHost, "url" | "local">,
  services: Readonly<Record<string, ServiceAddress>>,
): Promise<void> {
  for (const [name, address] of Object.entries(services)) {
    const logicalId = `.Service${name.charAt(0).toUpperCase()}${name.slice(1)}`
    const [, secretId] = Object.entries(local.resources).find(([id]) => id.endsWith(logicalId)) ?? []
    if (secretId === undefined) continue
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        // Whoever signs as no role is the host's administrator; the signature is not looked at.
        authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${local.region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=local`,
        "x-amz-date": "20260101T000000Z",
        "x-amz-target": "secretsmanager.PutSecretValue",
        "content-type": "application/x-amz-json-1.1",
      },
      body: JSON.stringify({
        SecretId: secretId,
        SecretString: JSON.stringify(address),
        ClientRequestToken: crypto.randomUUID(),
      }),
    })
    if (!answer.ok) throw new CliError(`the service ${name} could not be connected: ${await answer.text()}`)
  }
}
