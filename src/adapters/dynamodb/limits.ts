/** DynamoDB's limits on what a transaction may write (AWS: "Service, account, and table quotas"). */
export const itemBytesMax = 400 * 1024
export const transactionItemsMax = 100
export const transactionBytesMax = 4 * 1024 * 1024

/** Upper estimate of an item's stored size: names and values as UTF-8. */
export function sizeOf(item: object | undefined): number {
  if (item === undefined) return 100
  return Object.entries(item).reduce((bytes, [name, value]) => bytes + name.length + 4 + valueBytes(value), 2)
}

const valueBytes = (value: unknown) =>
  value instanceof Uint8Array ? value.byteLength : Buffer.byteLength(JSON.stringify(value) ?? "")

/** The limit that items of these sizes break, named for people; undefined when they fit. */
export function tooLarge(sizes: readonly number[]): string | undefined {
  if (sizes.length > transactionItemsMax)
    return `${transactionItemsMax} items a transaction (this needs ${sizes.length})`
  const largest = Math.max(...sizes)
  if (largest > itemBytesMax) return `400 KB an item (this needs ${Math.ceil(largest / 1024)} KB)`
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total > transactionBytesMax) return `4 MB a transaction (this needs ${Math.ceil(total / 1024 / 1024)} MB)`
  return undefined
}
