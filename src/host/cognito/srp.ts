import { createHash, createHmac, getDiffieHellman, randomBytes, timingSafeEqual } from "node:crypto"

/** Salt and verifier of a password: enough to check it, not to know it. Hex. */
export type PasswordVerifier = { salt: string; verifier: string }

/** Server side of one SRP-6a exchange as Cognito does it (3072-bit group of RFC 3526, SHA-256, "Caldera Derived Key"). */
export interface SrpExchange {
  /** The server's public value B, hex. */
  readonly serverPublic: string
  /** Is this the signature of someone who knows the password? */
  proves(secretBlock: Buffer, timestamp: string, signature: string): boolean
}

const prime = BigInt(`0x${getDiffieHellman("modp15").getPrime("hex")}`)
const generator = 2n
const multiplier = hashOfHex(paddedHex(prime) + paddedHex(generator))

/** Makes the verifier of a password. `poolName` is the part of the pool id after `_`. */
export function passwordVerifier(
  poolName: string,
  userId: string,
  password: string,
  salt = paddedHex(BigInt(`0x${randomBytes(16).toString("hex")}`)),
): PasswordVerifier {
  const identity = createHash("sha256").update(`${poolName}${userId}:${password}`).digest("hex")
  const secret = hashOfHex(paddedHex(BigInt(`0x${salt}`)) + identity)
  return { salt, verifier: power(generator, secret).toString(16) }
}

/** Does the verifier belong to this password? */
export function isPassword(known: PasswordVerifier, poolName: string, userId: string, password: string): boolean {
  return passwordVerifier(poolName, userId, password, known.salt).verifier === known.verifier
}

/** Answers a client's public value A (hex); undefined when it is one that SRP forbids. */
export function beginSrp(
  clientPublic: string,
  { verifier }: PasswordVerifier,
  poolName: string,
  userId: string,
): SrpExchange | undefined {
  if (!/^[0-9a-f]+$/i.test(clientPublic)) return undefined
  const a = BigInt(`0x${clientPublic}`)
  if (a % prime === 0n) return undefined
  const v = BigInt(`0x${verifier}`)
  const secret = BigInt(`0x${randomBytes(64).toString("hex")}`)
  const b = (multiplier * v + power(generator, secret)) % prime
  const scrambling = hashOfHex(paddedHex(a) + paddedHex(b))
  const key = () => deriveKey(power((a * power(v, scrambling)) % prime, secret), scrambling)
  return {
    serverPublic: b.toString(16),
    proves: (secretBlock, timestamp, signature) => {
      const signed = createHmac("sha256", key()).update(`${poolName}${userId}`).update(secretBlock).update(timestamp)
      const expected = signed.digest()
      const given = Buffer.from(signature, "base64")
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}

function deriveKey(shared: bigint, scrambling: bigint): Buffer {
  const bytes = (number: bigint) => Buffer.from(paddedHex(number), "hex")
  const extracted = createHmac("sha256", bytes(scrambling)).update(bytes(shared)).digest()
  return createHmac("sha256", extracted).update("Caldera Derived Key\u0001").digest().subarray(0, 16)
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % prime
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % prime
    square = (square * square) % prime
  }
  return result
}

/** Even number of digits, and a leading zero byte where the first bit would read as a sign. */
function paddedHex(number: bigint): string {
  const hex = number.toString(16)
  const even = hex.length % 2 === 1 ? `0${hex}` : hex
  return /^[89a-f]/.test(even) ? `00${even}` : even
}

function hashOfHex(hex: string): bigint {
  return BigInt(`0x${createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex")}`)
}
