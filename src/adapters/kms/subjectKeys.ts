import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms"
import type { SubjectKeys, WrappedKeys } from "../../core/ports.ts"

const cachedMax = 10_000
const unwrappedMs = 5 * 60_000
/** How long a function may go on with a data key that was shredded: so old may the row be that it last read. */
export const shreddedWithinMs = 1_000

/**
 * Data keys wrapped by a KMS key. Unwrapped ones are cached for five minutes, but used only while their row still has them:
 * it is read again each second, so that a shredded key is gone everywhere a second later.
 */
export function kmsSubjectKeys(kms: KMSClient, keyId: string, wrappedKeys: WrappedKeys): SubjectKeys {
  const rows = shortLived<Awaited<ReturnType<WrappedKeys["find"]>>>(shreddedWithinMs)
  const unwrapped = shortLived<Buffer>(unwrappedMs)

  async function find(subject: string, make: boolean): Promise<Buffer | undefined> {
    const row = await rows.get(subject, () => wrappedKeys.find(subject))
    if (row === "forgotten") return undefined
    if (row !== undefined)
      return unwrapped.get(`${subject} ${Buffer.from(row).toString("base64")}`, () => unwrap(subject, row))
    rows.drop(subject)
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

  return { keyOf: find }
}

/** Remembers what was found for so long; what failed is asked again. */
function shortLived<Value>(forMs: number) {
  const held = new Map<string, { value: Promise<Value>; until: number }>()
  return {
    drop: (name: string) => held.delete(name),
    get(name: string, look: () => Promise<Value>): Promise<Value> {
      const known = held.get(name)
      if (known !== undefined && known.until > Date.now()) return known.value
      const value = look()
      if (held.size >= cachedMax) held.clear()
      held.set(name, { value, until: Date.now() + forMs })
      value.catch(() => held.delete(name))
      return value
    },
  }
}
