import { createHash, createHmac } from "node:crypto"
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager"
import type { DerivedSecret } from "../../core/automation.ts"

/** A secret's text, read once per process. */
export function secretText(client: SecretsManagerClient, id: string): () => Promise<string> {
  let text: Promise<string> | undefined
  return () => {
    text ??= client.send(new GetSecretValueCommand({ SecretId: id })).then(({ SecretString }) => {
      if (SecretString === undefined) throw new Error(`the secret ${id} has no text`)
      return SecretString
    })
    text.catch(() => {
      text = undefined
    })
    return text
  }
}

/** SHA-256 as base64url: how secrets are stored and ids derived. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url")

/** Secrets derived from the application's own: the same for the same label for ever. */
export const deriveFrom =
  (applicationSecret: string) =>
  (label: string): DerivedSecret => {
    const value = createHmac("sha256", applicationSecret).update(label).digest("base64url")
    return { value, hash: sha256(value) }
  }
