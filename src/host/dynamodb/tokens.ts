import { createHash } from "node:crypto"
import type { Clock } from "../clock.ts"
import { AwsError } from "../host.ts"
import type { BackendReply } from "./backend.ts"

const keptMs = 10 * 60_000
const keptMax = 100_000

/** Runs a call once per ClientRequestToken. */
export type OncePerToken = (
  token: string,
  body: Buffer | string,
  perform: () => Promise<BackendReply>,
) => Promise<BackendReply>

/**
 * A successful transaction is answered again, without being performed, to the same token and body for ten minutes [AWS,
 * TransactWriteItems]. Throws AwsError IdempotentParameterMismatchException | TransactionInProgressException.
 */
export function createTokens(clock: Clock): OncePerToken {
  const done = new Map<string, { fingerprint: string; until: number; reply?: BackendReply }>()

  const forgetOld = () => {
    for (const [token, { until }] of done) {
      if (until > clock.now() && done.size <= keptMax) return
      done.delete(token)
    }
  }

  return async (token, body, perform) => {
    forgetOld()
    const fingerprint = createHash("sha256").update(body).digest("base64url")
    const earlier = done.get(token)
    if (earlier !== undefined) return repeated(earlier, fingerprint)
    const until = clock.now() + keptMs
    done.set(token, { fingerprint, until })
    try {
      const reply = await perform()
      if (reply.status >= 400) done.delete(token)
      else done.set(token, { fingerprint, until, reply })
      return reply
    } catch (error) {
      done.delete(token)
      throw error
    }
  }
}

function repeated(earlier: { fingerprint: string; reply?: BackendReply }, fingerprint: string): BackendReply {
  if (earlier.fingerprint !== fingerprint)
    throw new AwsError(
      "IdempotentParameterMismatchException",
      "Request parameters do not match the parameters of an earlier request with the same client token.",
    )
  if (earlier.reply === undefined)
    throw new AwsError(
      "TransactionInProgressException",
      "The transaction with the given request token is already in progress.",
    )
  return earlier.reply
}
