import { describe, expect, test } from "vitest"
import { AskedSettings, fixedSetting, isSame, withDefaults } from "../../../src/contexts/indexes/settings.ts"

describe("the settings of an index", () => {
  const existing = withDefaults({ storageClass: "BALANCED", modelProperties: { a: 1, b: { c: [1, 2] } } })

  test("are the same however they are spelled", () => {
    for (const asked of [
      { storageClass: "BALANCED" as const },
      { modelProperties: { b: { c: [1, 2], d: [], e: {} }, a: 1 } },
      { model: undefined },
      { modelProperties: undefined },
      { allFields: [] },
    ])
      expect(fixedSetting(existing, asked), JSON.stringify(asked)).toBeUndefined()
    expect(isSame(existing, { ...existing, modelProperties: { b: { c: [1, 2] }, a: 1 } })).toBe(true)
  })

  test("that cannot change are named", () => {
    for (const asked of [
      { storageClass: "PERFORMANCE" as const },
      { model: "BALANCED" },
      { modelProperties: { a: 1, b: { c: [2, 1] } } },
      { modelProperties: { a: 1, b: { c: [1, 2] }, d: null } },
      { modelProperties: { a: 1, b: { c: [] } } },
      { normalizeEmbeddings: false },
    ])
      expect(fixedSetting(existing, asked), JSON.stringify(asked)).toBe(Object.keys(asked)[0])
    expect(isSame(existing, { ...existing, numberOfShards: 9 })).toBe(false)
  })

  test("say of a structured index nothing that only unstructured ones have", () => {
    const all = withDefaults({ type: "structured", allFields: [], tensorFields: [] })
    for (const name of ["filterStringMaxLength", "treatUrlsAndPointersAsImages", "treatUrlsAndPointersAsMedia"])
      expect(all).not.toHaveProperty(name)
  })
})

const text = { name: "title", type: "text", features: [], dependentFields: {} }
const image = { name: "cover", type: "image_pointer", features: [], dependentFields: {} }
const both = { name: "both", type: "multimodal_combination", features: [], dependentFields: { title: 0.5, cover: 0.5 } }
const structured = (allFields: readonly unknown[], tensorFields: readonly string[], more: object = {}) => ({
  type: "structured",
  allFields,
  tensorFields,
  ...more,
})
const wrong = (settings: unknown) => {
  const { error } = AskedSettings.safeParse(settings)
  return error?.issues.map(({ path }) => path.join("."))
}

describe("settings", () => {
  test("may be left out: each has a default", () => {
    expect(AskedSettings.safeParse({}).success).toBe(true)
    expect(withDefaults({})).toMatchObject({
      type: "unstructured",
      model: "hf/e5-base-v2",
      inferenceType: "marqo.CPU.small",
      storageClass: "marqo.basic",
      numberOfShards: 1,
      numberOfReplicas: 0,
      numberOfInferences: 1,
      normalizeEmbeddings: true,
      filterStringMaxLength: 50,
      textPreprocessing: { splitLength: 2, splitOverlap: 0, splitMethod: "sentence" },
      annParameters: { spaceType: "prenormalized-angular", parameters: { efConstruction: 512, m: 16 } },
    })
    expect(withDefaults({}).modelProperties).toBeUndefined()
  })

  test("keep what a client says of a model, empty words too", () => {
    const modelProperties = { name: "x", dimensions: 384, url: "", trustRemoteCode: false, modelLocation: { s3: {} } }
    const parsed = AskedSettings.parse({ modelProperties })
    expect(withDefaults(parsed).modelProperties).toEqual(modelProperties)
  })

  test("may name classes and types in short", () =>
    expect(withDefaults({ inferenceType: "GPU", storageClass: "BALANCED" })).toMatchObject({
      inferenceType: "marqo.GPU",
      storageClass: "marqo.balanced",
    }))

  test("of media without images are refused, and with nothing said of images imply them", () => {
    expect(wrong({ treatUrlsAndPointersAsImages: false, treatUrlsAndPointersAsMedia: true })).toEqual([
      "treatUrlsAndPointersAsMedia",
    ])
    expect(withDefaults(AskedSettings.parse({ treatUrlsAndPointersAsMedia: true }))).toMatchObject({
      treatUrlsAndPointersAsImages: true,
    })
  })

  test.each([
    ["an unknown setting", { colour: "red" }, [""]],
    ["a type", { type: "graph" }, ["type"]],
    ["a storage class", { storageClass: "marqo.huge" }, ["storageClass"]],
    ["an inference type", { inferenceType: "TPU" }, ["inferenceType"]],
    ["a negative number", { numberOfInferences: -1 }, ["numberOfInferences"]],
    ["no shard", { numberOfShards: 0 }, ["numberOfShards"]],
    ["a fraction", { numberOfReplicas: 0.5 }, ["numberOfReplicas"]],
    [
      "a way to split",
      { textPreprocessing: { splitLength: 1, splitOverlap: 0, splitMethod: "line" } },
      ["textPreprocessing.splitMethod"],
    ],
    [
      "an overlap as long as the part",
      { videoPreprocessing: { splitLength: 3, splitOverlap: 3 } },
      ["videoPreprocessing.splitOverlap"],
    ],
    [
      "a space",
      { annParameters: { spaceType: "flat", parameters: { efConstruction: 1, m: 1 } } },
      ["annParameters.spaceType"],
    ],
    ["a patch method", { imagePreprocessing: { patchMethod: "dino" } }, ["imagePreprocessing.patchMethod"]],
    ["fields of an unstructured index", { allFields: [], tensorFields: [] }, ["allFields", "tensorFields"]],
    ["a structured index without fields", { type: "structured" }, ["allFields", "tensorFields"]],
    [
      "a structured index with a filter length",
      structured([text], [], { filterStringMaxLength: 9 }),
      ["filterStringMaxLength"],
    ],
    [
      "a structured index that treats URLs as images",
      structured([text], [], { treatUrlsAndPointersAsImages: true }),
      ["treatUrlsAndPointersAsImages"],
    ],
    ["a field twice", structured([text, text], []), ["allFields.1.name"]],
    ["a field type", structured([{ ...text, type: "string" }], []), ["allFields.0.type"]],
    ["a feature", structured([{ ...text, features: ["fuzzy"] }], []), ["allFields.0.features.0"]],
    [
      "a lexical search of numbers",
      structured([{ name: "n", type: "int", features: ["lexical_search"] }], []),
      ["allFields.0.features"],
    ],
    ["a score by text", structured([{ ...text, features: ["score_modifier"] }], []), ["allFields.0.features"]],
    [
      "a combination of nothing",
      structured([{ ...both, dependentFields: {} }], ["both"]),
      ["allFields.0.dependentFields"],
    ],
    [
      "a combination of what is neither text nor media",
      structured(
        [
          { ...both, dependentFields: { pages: 1 } },
          { name: "pages", type: "int" },
        ],
        ["both"],
      ),
      ["allFields.0.dependentFields.pages"],
    ],
    ["a combination that is no tensor field", structured([text, image, both], []), ["tensorFields"]],
    [
      "parts of what is no combination",
      structured([{ ...text, dependentFields: { a: 1 } }], []),
      ["allFields.0.dependentFields"],
    ],
    ["a tensor field that is not there", structured([text], ["x"]), ["tensorFields.0"]],
    ["a tensor field of numbers", structured([{ name: "n", type: "int" }], ["n"]), ["tensorFields.0"]],
  ])("with %s are refused, and say where", (_, settings, paths) => expect(wrong(settings)).toEqual(paths))

  test("of a combination may name a field that is not there", () =>
    expect(wrong(structured([both, image], ["both"]))).toBeUndefined())

  test("of a structured index with every kind of field are fine", () => {
    const types = ["bool", "int", "long", "float", "double", "array<text>", "array<int>", "map<text, float>"]
    const others = types.map((type, index) => ({ name: `f${index}`, type, features: ["filter"] }))
    const vector = { name: "vector", type: "custom_vector", features: ["lexical_search", "filter"] }
    expect(wrong(structured([text, image, both, vector, ...others], ["title", "both", "vector"]))).toBeUndefined()
  })
})
