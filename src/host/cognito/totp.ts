import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"

const stepSeconds = 30
const digits = 6
/** Steps that a clock may be behind or ahead. */
const toleranceSteps = 1
const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/** A new secret of an authenticator app, in base 32. */
export const newTotpSecret = (): string => [...randomBytes(52)].map(byte => base32.charAt(byte % 32)).join("")

/** The code of a time-based one-time password (RFC 6238) at a moment. */
export const totpCode = (secret: string, nowMs: number): string => codeAt(secret, stepOf(nowMs))

/** The step whose code this is, near a moment; undefined for a wrong code. */
export function totpStep(secret: string, code: string, nowMs: number): number | undefined {
  const now = stepOf(nowMs)
  const given = Buffer.from(code)
  for (let step = now - toleranceSteps; step <= now + toleranceSteps; step++) {
    const expected = Buffer.from(codeAt(secret, step))
    if (given.length === expected.length && timingSafeEqual(given, expected)) return step
  }
  return undefined
}

const stepOf = (nowMs: number): number => Math.floor(nowMs / 1_000 / stepSeconds)

function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac("sha1", decoded(secret)).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  const number = digest.readUInt32BE(offset) & 0x7f_ff_ff_ff
  return String(number % 10 ** digits).padStart(digits, "0")
}

function decoded(secret: string): Buffer {
  const bits = [...secret].map(letter => base32.indexOf(letter).toString(2).padStart(5, "0")).join("")
  const bytes = bits.match(/.{8}/g) ?? []
  return Buffer.from(bytes.map(byte => Number.parseInt(byte, 2)))
}
