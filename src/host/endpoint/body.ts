import type { IncomingMessage } from "node:http"
import { AwsError } from "../host.ts"

export const bodyMaxBytes = 32 * 1024 * 1024

/** The whole body of a request. Throws AwsError RequestEntityTooLargeException above 32 MB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes <= bodyMaxBytes) chunks.push(chunk)
  }
  if (bytes <= bodyMaxBytes) return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
  throw new AwsError(
    "RequestEntityTooLargeException",
    `the body has ${bytes} bytes; the host takes ${bodyMaxBytes}`,
    413,
  )
}
