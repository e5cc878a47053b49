import { z } from "zod"
import { type Fault, fieldFaults, IndexField } from "./fields.ts"

const inferenceTypes = [
  "marqo.CPU.small",
  "marqo.CPU.large",
  "marqo.GPU",
  "CPU",
  "CPU.SMALL",
  "CPU.LARGE",
  "GPU",
] as const
const storageClasses = [
  "marqo.basic",
  "marqo.balanced",
  "marqo.performance",
  "marqo.balanced.storage",
  "marqo.balanced.throughput",
  "BASIC",
  "BALANCED",
  "PERFORMANCE",
] as const
const longNames: Readonly<Record<string, string>> = {
  CPU: "marqo.CPU.large",
  "CPU.LARGE": "marqo.CPU.large",
  "CPU.SMALL": "marqo.CPU.small",
  GPU: "marqo.GPU",
  BASIC: "marqo.basic",
  BALANCED: "marqo.balanced",
  PERFORMANCE: "marqo.performance",
}
/** The long form of a name that has a short one. */
const inFull = (name: string) => longNames[name] ?? name

const count = z.int().min(0).max(10_000)
const split = z.strictObject({ splitLength: z.int().min(1), splitOverlap: z.int().min(0) })

/** What may be changed of a ready index. */
const scale = {
  inferenceType: z.enum(inferenceTypes).optional(),
  numberOfInferences: count.optional(),
  numberOfShards: count.min(1).optional(),
  numberOfReplicas: count.optional(),
}

const fields = {
  ...scale,
  type: z.enum(["structured", "unstructured"]).optional(),
  storageClass: z.enum(storageClasses).optional(),
  model: z.string().min(1).max(500).optional(),
  modelProperties: z.record(z.string(), z.unknown()).optional(),
  normalizeEmbeddings: z.boolean().optional(),
  allFields: z.array(IndexField).max(500).optional(),
  tensorFields: z.array(z.string()).max(500).optional(),
  treatUrlsAndPointersAsImages: z.boolean().optional(),
  treatUrlsAndPointersAsMedia: z.boolean().optional(),
  filterStringMaxLength: z.int().min(0).optional(),
  vectorNumericType: z.enum(["float", "bfloat16"]).optional(),
  textPreprocessing: split.extend({ splitMethod: z.enum(["character", "word", "sentence", "passage"]) }).optional(),
  imagePreprocessing: z.strictObject({ patchMethod: z.enum(["simple", "frcnn"]).nullable().optional() }).optional(),
  videoPreprocessing: split.optional(),
  audioPreprocessing: split.optional(),
  annParameters: z
    .strictObject({
      spaceType: z.enum(["euclidean", "angular", "dotproduct", "prenormalized-angular", "geodegrees", "hamming"]),
      parameters: z.strictObject({ efConstruction: z.int().min(1), m: z.int().min(1) }),
    })
    .optional(),
  textQueryPrefix: z.string().max(1_000).optional(),
  textChunkPrefix: z.string().max(1_000).optional(),
}

const Settings = z.strictObject(fields)
type Asked = z.output<typeof Settings>

/** The settings with which an index is asked for: what is left out gets its default. */
export const AskedSettings = Settings.superRefine((asked, { addIssue }) => {
  for (const { path, message } of faultsOf(asked)) addIssue({ code: "custom", path: [...path], message })
}).meta({ graphql: "AWSJSON" })

/** The changes that are asked for of an index; those that cannot change must be as they are. */
export const AskedChanges = Settings.meta({ graphql: "AWSJSON" })
export type AskedChanges = Asked

/** Settings of an index that exists, with every default. Stored for ever: add, never rename. */
export const IndexSettings = z
  .object({
    ...fields,
    type: z.enum(["structured", "unstructured"]),
    model: z.string(),
    inferenceType: z.string(),
    storageClass: z.string(),
    numberOfShards: z.int(),
    numberOfReplicas: z.int(),
    numberOfInferences: z.int(),
  })
  .meta({ graphql: "AWSJSON" })
export type IndexSettings = z.output<typeof IndexSettings>

const preprocessings = ["textPreprocessing", "videoPreprocessing", "audioPreprocessing"] as const

/** What is wrong with settings that are each fine, but not together. */
function faultsOf(asked: Asked): readonly Fault[] {
  const faults: Fault[] = []
  const isStructured = asked.type === "structured"
  const mark = (field: keyof Asked, message: string) => faults.push({ path: [field], message })
  if (asked.treatUrlsAndPointersAsImages === false && asked.treatUrlsAndPointersAsMedia === true)
    mark("treatUrlsAndPointersAsMedia", "cannot be true while treatUrlsAndPointersAsImages is false")
  for (const field of ["allFields", "tensorFields"] as const) {
    if (isStructured && asked[field] === undefined) mark(field, "a structured index needs them")
    if (!isStructured && asked[field] !== undefined) mark(field, "only a structured index has them")
  }
  for (const field of ["treatUrlsAndPointersAsImages", "treatUrlsAndPointersAsMedia"] as const)
    if (isStructured && asked[field] === true) mark(field, "only an unstructured index has it")
  if (isStructured && asked.filterStringMaxLength !== undefined)
    mark("filterStringMaxLength", "only an unstructured index has it")
  for (const field of preprocessings)
    if (asked[field] !== undefined && asked[field].splitOverlap >= asked[field].splitLength)
      faults.push({ path: [field, "splitOverlap"], message: "must be less than splitLength" })
  if (isStructured) faults.push(...fieldFaults(asked.allFields ?? [], asked.tensorFields ?? []))
  return faults
}

const mediaDefaults = {
  videoPreprocessing: { splitLength: 20, splitOverlap: 3 },
  audioPreprocessing: { splitLength: 10, splitOverlap: 3 },
}

/** The settings as the index will have them. */
export function withDefaults(asked: Asked): IndexSettings {
  const { type = "unstructured", treatUrlsAndPointersAsMedia: asMedia = false } = asked
  const { treatUrlsAndPointersAsImages: asImages = asMedia } = asked
  return {
    normalizeEmbeddings: true,
    vectorNumericType: "float",
    textPreprocessing: { splitLength: 2, splitOverlap: 0, splitMethod: "sentence" },
    ...mediaDefaults,
    annParameters: { spaceType: "prenormalized-angular", parameters: { efConstruction: 512, m: 16 } },
    ...(type === "unstructured" ? { filterStringMaxLength: 50 } : {}),
    ...asked,
    ...(type === "unstructured"
      ? { treatUrlsAndPointersAsImages: asImages, treatUrlsAndPointersAsMedia: asMedia }
      : {}),
    type,
    model: asked.model ?? "hf/e5-base-v2",
    inferenceType: inFull(asked.inferenceType ?? "marqo.CPU.small"),
    storageClass: inFull(asked.storageClass ?? "marqo.basic"),
    numberOfShards: asked.numberOfShards ?? 1,
    numberOfReplicas: asked.numberOfReplicas ?? 0,
    numberOfInferences: asked.numberOfInferences ?? 1,
  }
}

const changeable = ["inferenceType", "numberOfInferences", "numberOfShards", "numberOfReplicas"] as const

/** The settings after the changes. */
export const changed = (settings: IndexSettings, asked: AskedChanges): IndexSettings => ({
  ...settings,
  inferenceType: inFull(asked.inferenceType ?? settings.inferenceType),
  numberOfInferences: asked.numberOfInferences ?? settings.numberOfInferences,
  numberOfShards: asked.numberOfShards ?? settings.numberOfShards,
  numberOfReplicas: asked.numberOfReplicas ?? settings.numberOfReplicas,
})

/** The first setting that is asked for with another value and cannot change. */
export function fixedSetting(settings: IndexSettings, asked: AskedChanges): string | undefined {
  const now = new Map<string, unknown>(Object.entries(settings))
  const free: readonly string[] = changeable
  return Object.entries(asked).find(
    ([name, value]) =>
      !free.includes(name) && value !== undefined && canonical(now.get(name)) !== canonical(standard(name, value)),
  )?.[0]
}

const standard = (name: string, value: unknown) =>
  name === "storageClass" && typeof value === "string" ? inFull(value) : value

/** Text that is equal for what means the same: no order of keys, nothing for an empty list or object. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "" : `[${value.map(canonical).join()}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? ""
  const members = Object.entries(value)
    .map(([name, member]) => [name, canonical(member)])
    .filter(([, text]) => text !== "")
    .sort(([one = ""], [other = ""]) => (one < other ? -1 : 1))
  return members.length === 0 ? "" : `{${members.map(([name, text]) => `${name}:${text}`).join()}}`
}

/** Do both say the same? */
export const isSame = (one: IndexSettings, other: IndexSettings): boolean => canonical(one) === canonical(other)

/** The settings without those of video and audio that are as they are by default. */
export const withoutMediaDefaults = (settings: IndexSettings): Readonly<Record<string, unknown>> => {
  const defaults = new Map<string, unknown>(Object.entries(mediaDefaults))
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => !defaults.has(name) || canonical(value) !== canonical(defaults.get(name)),
    ),
  )
}
