import { z } from "zod"

const mapTypes = ["int", "long", "float", "double"].map(of => `map<text, ${of}>`)
export const fieldTypes = [
  "text",
  "bool",
  "int",
  "long",
  "float",
  "double",
  "array<text>",
  "array<int>",
  "array<long>",
  "array<float>",
  "array<double>",
  "image_pointer",
  "video_pointer",
  "audio_pointer",
  "multimodal_combination",
  "custom_vector",
  ...mapTypes,
] as const

const numbers = ["int", "long", "float", "double"]
const searchable = ["text", "array<text>", "custom_vector"]
const scoring = [...numbers, ...mapTypes]
const combinable = ["text", "image_pointer", "video_pointer", "audio_pointer"]
const tensorTypes = [...combinable, "multimodal_combination", "custom_vector"]

/** A field of a structured index. */
export const IndexField = z.strictObject({
  name: z.string().min(1).max(255),
  type: z.enum(fieldTypes),
  features: z.array(z.enum(["lexical_search", "score_modifier", "filter"])).optional(),
  dependentFields: z.record(z.string(), z.number()).optional(),
})
export type IndexField = z.output<typeof IndexField>

/** What is wrong with something, and where. */
export interface Fault {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What is wrong with the fields of a structured index, taken together. */
export function fieldFaults(fields: readonly IndexField[], tensorFields: readonly string[]): readonly Fault[] {
  const typeOf = new Map(fields.map(({ name, type }) => [name, type]))
  return [
    ...fields.flatMap((field, index) => [
      ...oneFieldFaults(field, typeOf).map(({ path, message }) => ({ path: ["allFields", index, ...path], message })),
      ...(fields.findIndex(({ name }) => name === field.name) < index
        ? [{ path: ["allFields", index, "name"], message: `the field ${field.name} is there twice` }]
        : []),
      ...(["multimodal_combination", "custom_vector"].includes(field.type) && !tensorFields.includes(field.name)
        ? [{ path: ["tensorFields"], message: `${field.name} is a ${field.type} and must be a tensor field` }]
        : []),
    ]),
    ...tensorFields.flatMap((name, index) => {
      const type = typeOf.get(name)
      if (type === undefined) return [{ path: ["tensorFields", index], message: `there is no field ${name}` }]
      return tensorTypes.includes(type)
        ? []
        : [{ path: ["tensorFields", index], message: `${name} is a ${type}, which cannot be a tensor field` }]
    }),
  ]
}

function oneFieldFaults(
  { name, type, features = [], dependentFields = {} }: IndexField,
  typeOf: ReadonlyMap<string, string>,
): readonly Fault[] {
  const parts = Object.keys(dependentFields)
  const isCombination = type === "multimodal_combination"
  const faults: Fault[] = []
  if (name === "_id") faults.push({ path: ["name"], message: "_id is a name of its own" })
  if (features.includes("lexical_search") && !searchable.includes(type))
    faults.push({ path: ["features"], message: `a ${type} has no lexical_search` })
  if (features.includes("score_modifier") && !scoring.includes(type))
    faults.push({ path: ["features"], message: `a ${type} cannot be a score_modifier` })
  if (isCombination && features.length > 0) faults.push({ path: ["features"], message: `a ${type} has no features` })
  if (isCombination && parts.length === 0)
    faults.push({ path: ["dependentFields"], message: `a ${type} needs dependentFields` })
  if (!isCombination && parts.length > 0)
    faults.push({ path: ["dependentFields"], message: `only a multimodal_combination has dependentFields` })
  // A part that is not there stays empty: the service takes it so, and the Terraform provider's own plans have some.
  for (const part of parts)
    if (!combinable.includes(typeOf.get(part) ?? "text"))
      faults.push({ path: ["dependentFields", part], message: `${part} is no text or media field` })
  return faults
}
