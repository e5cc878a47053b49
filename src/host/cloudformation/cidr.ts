/** The first `count` IPv4 blocks with `bits` host bits inside a block, as Fn::Cidr gives them. Throws an Error when they do not fit. */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block)
  if (match === null) throw new Error(`Fn::Cidr supports IPv4 blocks only, but got ${block}`)
  const [a, b, c, d, prefix] = match.slice(1).map(Number)
  const hostBits = 32 - (prefix ?? 0)
  if (bits > hostBits || count > 2 ** (hostBits - bits))
    throw new Error(`Fn::Cidr: ${count} blocks do not fit into ${block}`)
  const base = ((a ?? 0) * 2 ** 24 + (b ?? 0) * 2 ** 16 + (c ?? 0) * 2 ** 8 + (d ?? 0)) & -(2 ** hostBits)
  return Array.from({ length: count }, (_, index) => `${address((base >>> 0) + index * 2 ** bits)}/${32 - bits}`)
}

function address(number: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join(".")
}
