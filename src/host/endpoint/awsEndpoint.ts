import { randomUUID } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { type AwsCall, AwsError, type Host, type Principal, type Service } from "../host.ts"
import { isSigned, readSignature } from "../iam/signature.ts"
import { readBody } from "./body.ts"
import { createCallFaults, killCaller } from "./faults.ts"
import { asAwsError, type Protocol, protocolOf, type WireReply, writeError, writeReply } from "./protocols.ts"

/** Services whose public operations come unsigned, by the prefix of X-Amz-Target. */
const unsignedTargets: Record<string, string> = {
  AWSCognitoIdentityProviderService: "cognito-idp",
  AWSCognitoIdentityService: "cognito-identity",
}

/** Is this an SDK call: signed, or for a service that takes unsigned calls? */
export function isAwsCall(headers: Readonly<Record<string, string>>, query: URLSearchParams): boolean {
  return headers["x-amz-target"] !== undefined || isSigned(headers, query)
}

/** Verifies who calls, gives the call to its service and writes the answer in the client's protocol. */
export function createAwsEndpoint(host: Host, serviceFor: (signingName: string) => Service | undefined) {
  const faultOf = createCallFaults(host)

  const answer = async (
    request: IncomingMessage,
    url: URL,
    headers: Record<string, string>,
  ): Promise<WireReply | "lost"> => {
    const requestId = randomUUID()
    let protocol: Protocol = protocolOf("", headers)
    let service = ""
    try {
      service = serviceName(headers, url.searchParams)
      protocol = protocolOf(service, headers)
      const body = await readBody(request)
      const path = rawPath(request)
      const method = request.method ?? "GET"
      const signed = { method, path, query: url.searchParams, headers, body }
      const principal: Principal = isSigned(headers, url.searchParams)
        ? await host.iam.verify(signed)
        : { kind: "anonymous" }
      if (principal.kind === "root") refuseForeignPages(headers.origin)
      const handler = serviceFor(service)
      if (handler?.handle === undefined)
        throw new AwsError("UnknownOperationException", `the AWS service ${service} is not supported by this host`)
      const target = headers["x-amz-target"]
      const operation = target?.slice(target.lastIndexOf(".") + 1) ?? url.searchParams.get("Action") ?? undefined
      const call: AwsCall = { ...signed, service, operation, principal, requestId }

      host.meter?.("endpoint.call", `${service}.${operation ?? method}`, 1)
      const fault = await faultOf(call)
      if (fault === "lost") return "lost"
      const reply = await handler.handle(call)
      if (fault === "killAfter") killCaller(host, call)
      return fault === undefined ? writeReply(reply, protocol, requestId) : "lost"
    } catch (thrown) {
      if (!(thrown instanceof AwsError))
        host.log.warn("endpoint", thrown instanceof Error ? `${thrown.stack}` : `${thrown}`)
      return writeError(asAwsError(thrown), protocol, requestId, service)
    }
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL, headers: Record<string, string>) => {
    const reply = await answer(request, url, headers)
    if (reply === "lost") return response.destroy()
    response.writeHead(reply.status, { "content-length": Buffer.byteLength(reply.body), ...reply.headers })
    response.end(request.method === "HEAD" ? undefined : reply.body)
  }
}

function serviceName(headers: Record<string, string>, query: URLSearchParams): string {
  if (isSigned(headers, query)) return readSignature({ headers, query }).service
  const target = headers["x-amz-target"] ?? ""
  const service = unsignedTargets[target.slice(0, target.indexOf("."))]
  if (service === undefined)
    throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
  return service
}

/** The administrator's key needs no secret here, so a page of some other site must not use it. */
function refuseForeignPages(origin: string | undefined): void {
  if (origin === undefined || /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)) return
  throw new AwsError(
    "AccessDeniedException",
    `calls with the administrator's key are refused from pages of ${origin}`,
    403,
  )
}

function rawPath(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/"
}
