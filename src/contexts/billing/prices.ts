/** What a unit costs in an hour, in millionths of a dollar. Storage: a shard or a replica of one; inference: a node. */
export const pricePerHour: Readonly<Record<string, number>> = {
  "storage/marqo.basic": 59_300,
  "storage/marqo.balanced": 870_800,
  "storage/marqo.balanced.storage": 870_800,
  "storage/marqo.balanced.throughput": 870_800,
  "storage/marqo.performance": 2_180_800,
  "inference/marqo.CPU.small": 38_000,
  "inference/marqo.CPU.large": 360_000,
  "inference/marqo.GPU": 1_238_000,
}

export const hoursPerMonth = 730

/** What an index uses of what is paid for. */
export interface Size {
  readonly storageClass: string
  readonly inferenceType: string
  readonly numberOfShards: number
  readonly numberOfReplicas: number
  readonly numberOfInferences: number
}

/** Units by component. */
export const unitsOf = (size: Size): Readonly<Record<string, number>> => ({
  [`storage/${size.storageClass}`]: size.numberOfShards * (size.numberOfReplicas + 1),
  [`inference/${size.inferenceType}`]: size.numberOfInferences,
})

/** Millionths of a dollar in an hour. */
export const hourlyPrice = (units: Readonly<Record<string, number>>): number =>
  Object.entries(units).reduce((sum, [component, count]) => sum + count * (pricePerHour[component] ?? 0), 0)

/** Whole cents, as money is told. */
export const centsOf = (millionths: number): number => Math.round(millionths / 10_000)
