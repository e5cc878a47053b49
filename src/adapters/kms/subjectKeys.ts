import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms"
import type { SubjectKeys, WrappedKeys } from "../../core/ports.ts"

const cachedMax = 10_000
const cachedMs = 5 * 60_000

/** Data keys wrapped by a KMS key; unwrapped ones are cached for five minutes. */
export function kmsSubjectKeys(kms: KMSClient, keyId: string, wrappedKeys: WrappedKeys): SubjectKeys {
  const cache = new Map<string, { key: Promise<Buffer | undefined>; until: number }>()

  async function find(subject: string, make: boolean): Promise<Buffer | undefined> {
    const known = await wrappedKeys.find(subject)
    if (known !== undefined) return known === "forgotten" ? undefined : unwrap(subject, known)
    return make ? create(subject) : undefined
  }

  async function unwrap(subject: string, wrapped: Uint8Array): Promise<Buffer> {
    const { Plaintext } = await kms.send(
      new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: { subject } }),
    )
    return Buffer.from(Plaintext ?? new Uint8Array())
  }

  async function create(subject: string): Promise<Buffer | undefined> {
    const { CiphertextBlob = new Uint8Array(), Plaintext = new Uint8Array() } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: "AES_256", EncryptionContext: { subject } }),
    )
    return (await wrappedKeys.add(subject, CiphertextBlob)) ? Buffer.from(Plaintext) : find(subject, false)
  }

  return {
    keyOf(subject, make) {
      const cached = cache.get(subject)
      if (cached !== undefined && cached.until > Date.now()) return cached.key
      const key = find(subject, make)
      if (cache.size >= cachedMax) cache.clear()
      cache.set(subject, { key, until: Date.now() + cachedMs })
      // What failed or was not there yet is asked again.
      key.then(
        found => found ?? cache.delete(subject),
        () => cache.delete(subject),
      )
      return key
    },
  }
}
