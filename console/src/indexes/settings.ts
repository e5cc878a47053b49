import type { SearchIndex } from "../model.generated.ts"

/** Settings of an index; what has no field in a form is kept as it is. */
export type Settings = Readonly<Record<string, unknown>>

/** What every index has. */
export interface Size {
  readonly model: string
  readonly type: string
  readonly storageClass: string
  readonly inferenceType: string
  readonly numberOfShards: number
  readonly numberOfReplicas: number
  readonly numberOfInferences: number
}

/** The settings of an index that exists. */
export const settingsOf = ({ settings }: SearchIndex): Settings & Size => JSON.parse(settings)

/** What of the settings costs something. */
export const sizeOf = ({
  storageClass,
  inferenceType,
  numberOfShards,
  numberOfReplicas,
  numberOfInferences,
}: Size) => ({
  storageClass,
  inferenceType,
  numberOfShards,
  numberOfReplicas,
  numberOfInferences,
})

/** What a number may be: "1 to 5." */
export const rangeText = (min: number, max: number) =>
  min < max ? `${min} to ${max}.` : `${max}, which is the account's limit.`

/** Paused: ready, but nothing computes for it. */
export const isPaused = (index: SearchIndex) => index.status === "READY" && settingsOf(index).numberOfInferences === 0

/** "1 × marqo.CPU.small", or that it is paused. */
export const inferenceText = ({ inferenceType, numberOfInferences }: Size) =>
  numberOfInferences === 0 ? `None of ${inferenceType}` : `${numberOfInferences} × ${inferenceType}`

/** "2 × marqo.balanced, 1 replica of each" */
export const storageText = ({ storageClass, numberOfShards, numberOfReplicas }: Size) => {
  const replicas = numberOfReplicas === 1 ? "1 replica" : `${numberOfReplicas} replicas`
  return `${numberOfShards} × ${storageClass}${numberOfReplicas === 0 ? "" : `, ${replicas} of each`}`
}
