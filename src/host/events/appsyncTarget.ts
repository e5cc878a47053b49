import { Sha256 } from "@aws-crypto/sha256-js"
import { SignatureV4 } from "@smithy/signature-v4"
import { AwsError, type Host, type Json } from "../host.ts"
import type { Target } from "./rule.ts"

/** Runs the target's GraphQL operation as the target's role, with the input as variables. Throws AwsError when the API refuses it. */
export async function callAppSync(host: Host, target: Target, variables: Json): Promise<void> {
  const apiId = target.Arn.split("/").at(-1) ?? ""
  const url = new URL(`/apis/${apiId}/graphql`, host.url)
  const body = JSON.stringify({ query: target.AppSyncParameters?.GraphQLOperation, variables })
  const response = await fetch(url, { method: "POST", headers: await signed(host, target, url, body), body })
  const answer = await response.text()
  if (response.status === 401 || response.status === 403) throw new AwsError("AccessDeniedException", answer)
  if (response.status === 404) throw new AwsError("ResourceNotFoundException", answer)
  if (!response.ok) throw new AwsError("ErrorFromTarget", answer)
  const { data, errors = [] }: GraphQlAnswer = JSON.parse(answer)
  if (errors.length === 0 || (data ?? null) !== null) return
  const unauthorized = errors.some(error => error.errorType?.startsWith("Unauthorized"))
  throw new AwsError(unauthorized ? "AccessDeniedException" : "ErrorFromTarget", answer)
}

interface GraphQlAnswer {
  readonly data?: Json
  readonly errors?: readonly { readonly errorType?: string }[]
}

async function signed(host: Host, target: Target, url: URL, body: string): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: "appsync",
    region: host.region,
    credentials: host.iam.credentialsFor(target.RoleArn ?? "", "events"),
    sha256: Sha256,
  })
  const request = await signer.sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    headers: { host: url.host, "content-type": "application/json" },
    body,
  })
  return request.headers
}
