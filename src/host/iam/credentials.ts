import { createHash } from "node:crypto"
import { AwsError, type Credentials, type SessionContext } from "../host.ts"

/** A role as somebody has taken it. */
interface RoleSession {
  readonly roleArn: string
  readonly sessionName: string
  readonly context: SessionContext
}

/**
 * Temporary credentials of a role. They depend on role and session only, so that a process that outlives a restart of the host
 * keeps working; they protect nothing, since the host listens on 127.0.0.1 only.
 */
export function roleCredentials(roleArn: string, sessionName: string, context: SessionContext = {}): Credentials {
  const text = JSON.stringify({ roleArn, sessionName, context } satisfies RoleSession)
  const digest = createHash("sha256").update(text).digest()
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
  const id = Array.from(digest.subarray(0, 16), byte => alphabet[byte % 32]).join("")
  return {
    accessKeyId: `ASIA${id}`,
    secretAccessKey: createHash("sha256").update(digest).digest("base64").slice(0, 40),
    sessionToken: Buffer.from(text).toString("base64url"),
  }
}

/** The role and session behind temporary credentials. Throws AwsError UnrecognizedClientException when the host did not give them. */
export function readSession(
  accessKeyId: string,
  sessionToken: string | undefined,
): RoleSession & { secretAccessKey: string } {
  const session = known.get(sessionToken ?? "") ?? remembered(sessionToken)
  if (session?.accessKeyId !== accessKeyId)
    throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
  return session
}

type KnownSession = RoleSession & { readonly accessKeyId: string; readonly secretAccessKey: string }

/** By token: every call of a function brings its own again. */
const known = new Map<string, KnownSession>()
const knownMax = 1_000

function remembered(sessionToken = ""): KnownSession | undefined {
  const session = parsed(sessionToken)
  if (session === undefined) return undefined
  const { accessKeyId, secretAccessKey } = roleCredentials(session.roleArn, session.sessionName, session.context)
  if (known.size >= knownMax) known.clear()
  const found = { ...session, accessKeyId, secretAccessKey }
  known.set(sessionToken, found)
  return found
}

function parsed(sessionToken = ""): RoleSession | undefined {
  try {
    const { roleArn, sessionName, context } = JSON.parse(Buffer.from(sessionToken, "base64url").toString())
    return { roleArn, sessionName, context }
  } catch {
    return undefined
  }
}
