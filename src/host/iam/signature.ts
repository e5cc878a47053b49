import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import { AwsError, type SignedRequest } from "../host.ts"

/** The parts of a SigV4 signature, from the Authorization header or from the query of a presigned URL. */
export interface Signature {
  readonly accessKeyId: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly value: string
  readonly sessionToken: string | undefined
  readonly timestamp: string
  readonly presigned: boolean
}

const algorithm = "AWS4-HMAC-SHA256"

/** Is the request signed with SigV4? Without looking whether the signature is right. */
export function isSigned(headers: Readonly<Record<string, string>>, query: URLSearchParams): boolean {
  return headers.authorization?.startsWith(algorithm) === true || query.get("X-Amz-Algorithm") === algorithm
}

/** Reads the signature of a request. Throws AwsError MissingAuthenticationTokenException | IncompleteSignatureException. */
export function readSignature({ headers, query }: Pick<SignedRequest, "headers" | "query">): Signature {
  if (!isSigned(headers, query))
    throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
  const authorization = headers.authorization ?? ""
  const presigned = !authorization.startsWith(algorithm)
  const part = (name: string) =>
    presigned ? query.get(`X-Amz-${name}`) : new RegExp(`\\b${name}=([^,\\s]+)`).exec(authorization)?.[1]
  const [accessKeyId, date, region, service, end] = part("Credential")?.split("/") ?? []
  const signedHeaders = part("SignedHeaders")
  const value = part("Signature")
  const timestamp = presigned ? query.get("X-Amz-Date") : headers["x-amz-date"]
  if (!accessKeyId || !date || !region || !service || end !== "aws4_request" || !signedHeaders || !value || !timestamp)
    throw new AwsError(
      "IncompleteSignatureException",
      "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters and an 'X-Amz-Date' header.",
      403,
    )
  const sessionToken = (presigned ? query.get("X-Amz-Security-Token") : headers["x-amz-security-token"]) ?? undefined
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: signedHeaders.split(";"),
    value,
    sessionToken,
    timestamp,
    presigned,
  }
}

/**
 * Signs the request again with the secret and compares. The age of a signature is not checked, since the host's clock may be
 * moved. Throws AwsError InvalidSignatureException.
 */
export function checkSignature(request: SignedRequest, signature: Signature, secretAccessKey: string): void {
  const scope = `${signature.date}/${signature.region}/${signature.service}/aws4_request`
  const text = [algorithm, signature.timestamp, scope, sha256(canonicalRequest(request, signature))].join("\n")
  const expected = createHmac("sha256", signingKey(secretAccessKey, signature)).update(text).digest()
  const given = Buffer.from(signature.value, "hex")
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new AwsError(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
      403,
    )
}

function canonicalRequest(request: SignedRequest, signature: Signature): string {
  const headers = signature.signedHeaders.map(
    name => `${name}:${(request.headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`,
  )
  return [
    request.method,
    canonicalPath(request.path, signature.service),
    canonicalQuery(request.query),
    headers.join(""),
    signature.signedHeaders.join(";"),
    payloadHash(request, signature),
  ].join("\n")
}

/** S3 signs the path as it is on the wire; every other service escapes it once more. */
function canonicalPath(path: string, service: string): string {
  if (path === "/" || service === "s3") return path
  const segments: string[] = []
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop()
    else if (segment !== "" && segment !== ".") segments.push(uriEncode(segment))
  }
  return `/${segments.join("/")}${segments.length > 0 && path.endsWith("/") ? "/" : ""}`
}

function canonicalQuery(query: URLSearchParams): string {
  if (query.size === 0) return ""
  return [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
    .sort()
    .join("&")
}

/** A stream's or presigned URL's placeholder stands for itself; a stated hash counts only when it is the body's. */
function payloadHash({ headers, body }: SignedRequest, { presigned, service }: Signature): string {
  const stated = headers["x-amz-content-sha256"]
  if (stated !== undefined && !/^[0-9a-f]{64}$/.test(stated)) return stated
  return presigned && service === "s3" ? "UNSIGNED-PAYLOAD" : sha256(body)
}

const signingKeys = new Map<string, Buffer>()
const signingKeysMax = 1000

function signingKey(secret: string, { date, region, service }: Signature): Buffer {
  const id = `${secret}/${date}/${region}/${service}`
  const known = signingKeys.get(id)
  if (known !== undefined) return known
  let key: string | Buffer = `AWS4${secret}`
  for (const part of [date, region, service, "aws4_request"]) key = createHmac("sha256", key).update(part).digest()
  if (signingKeys.size >= signingKeysMax) signingKeys.clear()
  signingKeys.set(id, Buffer.from(key))
  return Buffer.from(key)
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex")
}

function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
