import { randomBytes } from "node:crypto"

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const ksuidEpochSeconds = 1_400_000_000

/** A ULID: 48 bits of time and 80 random bits in Crockford's base 32; 26 characters that sort by time. */
export const ulid = (nowMs: number): string =>
  inBase(BigInt(nowMs), crockford, 10) + inBase(BigInt(`0x${randomBytes(10).toString("hex")}`), crockford, 16)

/** A KSUID: 32 bits of seconds and 128 random bits in base 62; 27 characters that sort by time. */
export function ksuid(nowMs: number): string {
  const seconds = BigInt(Math.floor(nowMs / 1000) - ksuidEpochSeconds)
  return inBase((seconds << 128n) | BigInt(`0x${randomBytes(16).toString("hex")}`), base62, 27)
}

function inBase(value: bigint, digits: string, length: number): string {
  const base = BigInt(digits.length)
  let rest = value
  let text = ""
  for (let place = 0; place < length; place++) {
    text = digits[Number(rest % base)] + text
    rest /= base
  }
  return text
}
