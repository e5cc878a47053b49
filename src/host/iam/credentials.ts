import { createHash } from "node:crypto"
import { AwsError, type Credentials } from "../host.ts"

const prefix = "local/"

/**
 * Temporary credentials of a role. They depend on role and session only, so that a process that outlives a restart of the host
 * keeps working; they protect nothing, since the host listens on 127.0.0.1 only.
 */
export function roleCredentials(roleArn: string, sessionName: string): Credentials {
  const digest = createHash("sha256").update(`${roleArn}\n${sessionName}`).digest()
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
  const id = Array.from(digest.subarray(0, 16), byte => alphabet[byte % 32]).join("")
  return {
    accessKeyId: `ASIA${id}`,
    secretAccessKey: createHash("sha256").update(digest).digest("base64").slice(0, 40),
    sessionToken: Buffer.from(`${prefix}${sessionName}@${roleArn}`).toString("base64url"),
  }
}

/** The role and session behind temporary credentials. Throws AwsError UnrecognizedClientException when the host did not give them. */
export function readSession(accessKeyId: string, sessionToken: string | undefined) {
  const text = Buffer.from(sessionToken ?? "", "base64url").toString()
  const separator = text.indexOf("@arn:")
  const session = { sessionName: text.slice(prefix.length, separator), roleArn: text.slice(separator + 1) }
  const credentials = roleCredentials(session.roleArn, session.sessionName)
  if (!text.startsWith(prefix) || separator < 0 || credentials.accessKeyId !== accessKeyId)
    throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
  return { ...session, secretAccessKey: credentials.secretAccessKey }
}
