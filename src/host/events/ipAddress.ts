import { isIPv4, isIPv6 } from "node:net"
import { InvalidPattern } from "./invalidPattern.ts"

interface Address {
  readonly bits: 32 | 128
  readonly number: bigint
}

/** Number of an IP address, or undefined when the text is none. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { bits: 32, number: join(text.split(".").map(Number), 8n) }
  if (isIPv6(text)) return { bits: 128, number: join(groupsOf(text), 16n) }
  return undefined
}

/** Matches the addresses of a CIDR block from its base address upwards, as EventBridge's ranges do. */
export function cidrMatcher(block: string): (text: string) => boolean {
  const [base, mask, ...rest] = block.split("/")
  if (base === undefined || mask === undefined || rest.length > 0) {
    throw new InvalidPattern("Malformed CIDR, one '/' required")
  }
  if (!/^[+-]?\d+$/.test(mask)) throw new InvalidPattern("Malformed CIDR, mask bits must be an integer")
  const maskBits = Number(mask)
  if (maskBits < 0) throw new InvalidPattern("Malformed CIDR, mask bits must not be negative")
  const from = parseAddress(base)
  if (!from) throw new InvalidPattern(`Nonstandard IP address: ${base}`)
  if (maskBits >= from.bits) {
    throw new InvalidPattern(`IPv${from.bits === 32 ? 4 : 6} mask bits must be < ${from.bits}`)
  }
  const to = from.number | ((1n << BigInt(from.bits - maskBits)) - 1n)
  return text => {
    const address = parseAddress(text)
    return address?.bits === from.bits && address.number >= from.number && address.number <= to
  }
}

function join(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((number, part) => (number << width) | BigInt(part), 0n)
}

function groupsOf(text: string): number[] {
  const [head = "", tail] = withoutDots(text).split("::")
  const left = groups(head)
  if (tail === undefined) return left
  const right = groups(tail)
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
}

function groups(text: string): number[] {
  return text === "" ? [] : text.split(":").map(group => Number.parseInt(group, 16))
}

function withoutDots(text: string): string {
  return text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
}
