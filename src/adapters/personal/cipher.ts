import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto"
import { about, isPersonal, mapPersonal, type Personal } from "../../core/personal.ts"
import { sure } from "../../core/poisoned.ts"
import type { Cipher, SubjectKeys } from "../../core/ports.ts"

const mark = "$personal"

/** A subject that is an address is stored as its hash: the stores must not spell it out. */
const storedSubject = (subject: string) =>
  subject.startsWith("email:") ? `address:${createHash("sha256").update(subject).digest("base64url")}` : subject

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
    const open = () => (key === undefined || sealed === null ? null : decrypt(key, subject, sealed))
    return about(subject, sure("a personal value cannot be opened", open))
  }

  return {
    nameOf: storedSubject,

    async forgets(data) {
      const subjects = new Set<string>()
      mapPersonal(data, ({ subject, value }) => value !== null && subjects.add(storedSubject(subject)))
      const known = await Promise.all([...subjects].map(subject => keys.keyOf(subject, true)))
      return known.includes(undefined)
    },

    async seal(data) {
      const sealed = new Map<Personal, unknown>()
      const found: Personal[] = []
      mapPersonal(data, personal => found.push(personal))
      await Promise.all(found.map(async personal => sealed.set(personal, await sealOne(personal))))
      return JSON.stringify(mapPersonal(data, personal => sealed.get(personal)))
    },

    async open(text) {
      const data: unknown = sure("it cannot be read", () => JSON.parse(text))
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

function encrypt(key: Uint8Array, subject: string, text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(subject))
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64")
}

function decrypt(key: Uint8Array, subject: string, sealed: string): string {
  const bytes = Buffer.from(sealed, "base64")
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAAD(Buffer.from(subject))
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8")
}
