import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto"
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from "@aws-sdk/client-kms"
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb"
import { about, isPersonal, mapPersonal, type Personal } from "../../core/personal.ts"
import type { Cipher } from "../../core/ports.ts"

/** Keys by subject: makes one when first needed; undefined once the subject is forgotten. */
export interface SubjectKeys {
  keyOf(subject: string, make: boolean): Promise<Buffer | undefined>
}

const cachedMax = 10_000
const cachedMs = 5 * 60_000
const mark = "$personal"

/** A subject that is an address is stored as its hash: the stores must not spell it out. */
const storedSubject = (subject: string) =>
  subject.startsWith("email:") ? `address:${createHash("sha256").update(subject).digest("base64url")}` : subject

/** Data keys wrapped by a KMS key and kept in the key table; unwrapped ones are cached for five minutes. */
export function kmsSubjectKeys(
  kms: KMSClient,
  keyId: string,
  client: DynamoDBDocumentClient,
  table: string,
): SubjectKeys {
  const cache = new Map<string, { key: Promise<Buffer | undefined>; until: number }>()

  async function find(subject: string, make: boolean): Promise<Buffer | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: { subject }, ConsistentRead: true }))
    if (Item?.wrapped !== undefined) return unwrap(subject, Item.wrapped as Uint8Array)
    return Item === undefined && make ? create(subject) : undefined
  }

  async function unwrap(subject: string, wrapped: Uint8Array): Promise<Buffer> {
    const { Plaintext } = await kms.send(
      new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: { subject } }),
    )
    return Buffer.from(Plaintext ?? new Uint8Array())
  }

  async function create(subject: string): Promise<Buffer | undefined> {
    const made = await kms.send(
      new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: "AES_256", EncryptionContext: { subject } }),
    )
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { subject, wrapped: made.CiphertextBlob },
          ConditionExpression: "attribute_not_exists(subject)",
        }),
      )
      return Buffer.from(made.Plaintext ?? new Uint8Array())
    } catch (error) {
      if (error instanceof Error && error.name === "ConditionalCheckFailedException") return find(subject, false)
      throw error
    }
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

/** AES-256-GCM per personal value, bound to its subject. Sealed form: `{"$personal": {subject, sealed}}`, base64 of iv, tag and text. */
export function subjectCipher(keys: SubjectKeys): Cipher {
  async function sealOne({ subject, value }: Personal): Promise<unknown> {
    const stored = storedSubject(subject)
    const key = value === null ? undefined : await keys.keyOf(stored, true)
    return {
      [mark]: { subject: stored, sealed: key === undefined || value === null ? null : encrypt(key, stored, value) },
    }
  }

  async function openOne(subject: string, sealed: string | null): Promise<Personal> {
    const key = sealed === null ? undefined : await keys.keyOf(subject, false)
    return about(subject, key === undefined || sealed === null ? null : decrypt(key, subject, sealed))
  }

  return {
    async seal(data) {
      const sealed = new Map<Personal, unknown>()
      const found: Personal[] = []
      mapPersonal(data, personal => found.push(personal))
      await Promise.all(found.map(async personal => sealed.set(personal, await sealOne(personal))))
      return JSON.stringify(mapPersonal(data, personal => sealed.get(personal)))
    },

    async open(text) {
      const data: unknown = JSON.parse(text)
      if (!text.includes(mark)) return data
      return openAll(data, openOne)
    },
  }
}

async function openAll(
  data: unknown,
  open: (subject: string, sealed: string | null) => Promise<Personal>,
): Promise<unknown> {
  if (Array.isArray(data)) return Promise.all(data.map(item => openAll(item, open)))
  if (typeof data !== "object" || data === null || isPersonal(data)) return data
  if (mark in data) {
    const { subject, sealed } = data[mark] as { subject: string; sealed: string | null }
    return open(subject, sealed)
  }
  const entries = await Promise.all(
    Object.entries(data).map(async ([key, value]) => [key, await openAll(value, open)] as const),
  )
  return Object.fromEntries(entries)
}

function encrypt(key: Buffer, subject: string, text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(subject))
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64")
}

function decrypt(key: Buffer, subject: string, sealed: string): string {
  const bytes = Buffer.from(sealed, "base64")
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAAD(Buffer.from(subject))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8")
}
