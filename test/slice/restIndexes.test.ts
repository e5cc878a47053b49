/** The public API as the Python client and the Terraform provider call it, written from their contract. */
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { type Cloud, newKey, type Program, program, startCloud, untilStatus } from "./cloud.ts"
import { eventually, openAccount, type Person, signedIn } from "./person.ts"

let cloud: Cloud
let owner: Person
let accountId: string
let key: string
let ask: Program
beforeAll(async () => {
  cloud = await startCloud()
  owner = await signedIn(cloud.running, "owner")
  accountId = await openAccount(owner)
  key = (await newKey(owner, accountId)).key
  ask = at(key)
}, 180_000)
afterAll(() => cloud?.stop())

const at = (presented?: string) => program(cloud.running.local.restUrl ?? "", presented)
const place = (name: string) => `/api/v2/indexes/${name}`
const newName = () => `i-${randomUUID().slice(0, 8)}`
const created = async (settings: object = {}, by: Program = ask) => {
  const name = newName()
  expect(await by("POST", place(name), settings)).toMatchObject({ status: 200 })
  await untilStatus(by, name, "READY")
  return name
}
const listed = async (by: Program = ask) => (await by("GET", "/api/v2/indexes")).body.results
const found = async (name: string) =>
  (await listed()).find(({ indexName }: { indexName: string }) => indexName === name)

/** What both clients read of an error. */
const error = z.object({
  message: z.string().min(1),
  error: z.string().min(1),
  code: z.string().min(1),
  type: z.string().min(1),
  link: z.string(),
})

const preprocessing = z.strictObject({ splitLength: z.int(), splitOverlap: z.int() })
const optionalText = z.string().optional()
/** An element of the list as the Python client parses it: nested objects take no other keys, words are among those it knows. */
const listElement = z.object({
  Created: z.string(),
  indexName: z.string(),
  indexStatus: z.enum(["CREATING", "READY", "MODIFYING", "DELETING", "DELETED", "FAILED"]),
  errorMsg: optionalText,
  marqoEndpoint: z.string().regex(/^$|^https?:\/\/.*[^/]$/),
  marqoVersion: z.string(),
  type: z.enum(["structured", "unstructured"]),
  model: z.string(),
  modelProperties: z.record(z.string(), z.unknown()).optional(),
  numberOfShards: z.int(),
  numberOfReplicas: z.int(),
  numberOfInferences: z.int(),
  storageClass: z.string(),
  inferenceType: z.string(),
  normalizeEmbeddings: z.boolean().optional(),
  filterStringMaxLength: z.int().optional(),
  vectorNumericType: z.enum(["float", "bfloat16"]).optional(),
  treatUrlsAndPointersAsImages: z.boolean().optional(),
  treatUrlsAndPointersAsMedia: z.boolean().optional(),
  textPreprocessing: preprocessing
    .extend({ splitMethod: z.enum(["character", "word", "sentence", "passage"]) })
    .optional(),
  imagePreprocessing: z.strictObject({ patchMethod: z.enum(["simple", "frcnn"]).nullable().optional() }).optional(),
  videoPreprocessing: preprocessing.optional(),
  audioPreprocessing: preprocessing.optional(),
  annParameters: z
    .strictObject({
      spaceType: z.enum(["euclidean", "angular", "dotproduct", "prenormalized-angular", "geodegrees", "hamming"]),
      parameters: z.strictObject({ efConstruction: z.int(), m: z.int() }),
    })
    .optional(),
  allFields: z
    .array(
      z.strictObject({
        name: z.string(),
        type: z.string(),
        features: z.array(z.enum(["lexical_search", "score_modifier", "filter"])).optional(),
        dependentFields: z.record(z.string(), z.number()).optional(),
      }),
    )
    .optional(),
  tensorFields: z.array(z.string()).optional(),
  "docs.count": optionalText,
  "store.size": optionalText,
  "docs.deleted": optionalText,
  "search.queryTotal": optionalText,
})

describe("the Python client", () => {
  test("creates an index and waits, uses it, and deletes it and waits", async () => {
    const name = newName()
    const answer = await ask("POST", `${place(name)}?telemetry=True`, {})
    expect(answer).toMatchObject({ status: 200, body: { acknowledged: true, shards_acknowledged: true, index: name } })
    await untilStatus(ask, name, "READY")

    const element = await found(name)
    listElement.parse(element)
    const endpoint = program(element.marqoEndpoint, key)
    expect((await endpoint("GET", "/")).body.version).toMatch(/^2\./)
    const documents = [
      { _id: "1", title: "The red balloon" },
      { _id: "2", title: "A blue bicycle" },
    ]
    const add = { documents, tensorFields: ["title"], useExistingTensors: false }
    const added = await eventually("a key that the cell has heard of", async () => {
      const reply = await endpoint("POST", `/indexes/${name}/documents`, add)
      return reply.status === 200 && reply
    })
    expect(added.body).toMatchObject({
      errors: false,
      items: [
        { _id: "1", status: 201 },
        { _id: "2", status: 201 },
      ],
    })
    const search = { q: "balloons", searchMethod: "TENSOR", limit: 1 }
    expect((await endpoint("POST", `/indexes/${name}/search`, search)).body.hits).toMatchObject([{ _id: "1" }])
    expect((await endpoint("GET", `/indexes/${name}/stats`)).body.numberOfDocuments).toBe(2)
    expect((await endpoint("GET", `/indexes/${name}/documents/2`)).body.title).toBe("A blue bicycle")
    expect((await endpoint("POST", `/indexes/${name}/documents/delete-batch`, ["1"])).body.details).toMatchObject({
      deletedDocuments: 1,
    })

    expect(await ask("DELETE", place(name))).toMatchObject({ status: 200, body: { acknowledged: true } })
    await untilStatus(ask, name, "DELETED")
    expect(await found(name)).toBeUndefined()
    expect((await endpoint("GET", "/")).status).toBe(404)
  })

  test("starts several creations, and later several deletions, without waiting between them", async () => {
    const names = Array.from({ length: 4 }, newName)
    const codes = await Promise.all(names.map(async name => (await ask("POST", place(name), {})).status))
    expect(codes).toEqual([200, 200, 200, 200])
    for (const name of names) await untilStatus(ask, name, "READY")
    expect(await Promise.all(names.map(async name => (await ask("DELETE", place(name))).status))).toEqual(codes)
    for (const name of names) await untilStatus(ask, name, "DELETED")
  })

  test("creates an index of a deleted one's name again", async () => {
    const name = await created()
    await ask("DELETE", place(name))
    await untilStatus(ask, name, "DELETED")
    expect((await ask("POST", place(name), { numberOfInferences: 2 })).status).toBe(200)
    await untilStatus(ask, name, "READY")
    expect(await found(name)).toMatchObject({ numberOfInferences: 2 })
  })

  test("sends no body at all", async () => {
    const name = newName()
    expect((await ask("POST", place(name))).status).toBe(200)
  })
})

describe("the Terraform provider", () => {
  const planned = {
    type: "structured",
    model: "open_clip/ViT-L-14/laion2b_s32b_b82k",
    inferenceType: "marqo.CPU.small",
    storageClass: "marqo.balanced",
    numberOfShards: 1,
    numberOfReplicas: 0,
    numberOfInferences: 1,
    allFields: [
      { name: "title", type: "text", features: ["lexical_search"], dependentFields: {} },
      { name: "cover", type: "image_pointer", features: [], dependentFields: {} },
      { name: "both", type: "multimodal_combination", features: [], dependentFields: { title: 0.3, cover: 0.7 } },
    ],
    tensorFields: ["both"],
    vectorNumericType: "",
    modelProperties: {
      name: "custom",
      dimensions: 768,
      type: "open_clip",
      tokens: 0,
      url: "",
      trustRemoteCode: false,
      isMarqtunedModel: false,
      modelLocation: { s3: { bucket: "", key: "" }, hf: { repoId: "r", filename: "f" }, authRequired: false },
    },
  }

  test("creates, reads, changes and deletes what it planned", async () => {
    const name = await created(planned)
    const { vectorNumericType: _, ...expected } = planned
    const element = await found(name)
    expect(element).toMatchObject(expected)
    listElement.parse(element)
    for (const counter of ["docs.count", "store.size", "docs.deleted", "search.queryTotal"])
      expect(["string", "undefined"]).toContain(typeof element[counter])

    const update = {
      inferenceType: "marqo.CPU.large",
      numberOfInferences: 2,
      numberOfShards: 2,
      numberOfReplicas: 1,
      storageClass: "marqo.balanced",
      type: "structured",
    }
    expect(await ask("PUT", place(name), update)).toMatchObject({ status: 200, body: { acknowledged: true } })
    await untilStatus(ask, name, "READY")
    expect(await found(name)).toMatchObject({ ...update, model: planned.model })

    expect((await ask("DELETE", place(name))).status).toBe(200)
    const now = await found(name)
    expect([undefined, "DELETING"]).toContain(now?.indexStatus)
    await eventually("the end of it", async () => (await found(name)) === undefined)
  })

  test("asks for settings and stats, and gets JSON", async () => {
    const name = await created()
    const settings = await ask("GET", `${place(name)}/settings`)
    expect([settings.status, settings.body.model]).toEqual([200, "hf/e5-base-v2"])
    expect(await ask("GET", `${place(name)}/stats`)).toMatchObject({ status: 200, body: { indexStatus: "READY" } })
  })

  test("does not hear of what nobody set and it would take for its user's wish", async () => {
    const named = Object.keys(await found(await created()))
    for (const setting of ["modelProperties", "imagePreprocessing", "videoPreprocessing", "audioPreprocessing"])
      expect(named).not.toContain(setting)
  })

  test("hears of what its user set of video and audio", async () => {
    const wish = {
      videoPreprocessing: { splitLength: 5, splitOverlap: 1 },
      audioPreprocessing: { splitLength: 6, splitOverlap: 2 },
    }
    expect(await found(await created({ treatUrlsAndPointersAsMedia: true, ...wish }))).toMatchObject(wish)
  })

  test("may combine fields that are not there, as its own acceptance plan does", async () => {
    const allFields = [
      { name: "text_field", type: "text", features: ["lexical_search"], dependentFields: {} },
      { name: "image_field", type: "image_pointer", features: [], dependentFields: {} },
      {
        name: "multimodal_field",
        type: "multimodal_combination",
        features: [],
        dependentFields: { imageField: 0.8, textField: 0.1 },
      },
    ]
    const plan = { type: "structured", allFields, tensorFields: ["multimodal_field"] }
    expect(await found(await created(plan))).toMatchObject(plan)
  })

  test("imports what already exists, by sending all of its settings", async () => {
    const name = await created(planned)
    const again = await ask("POST", place(name), planned)
    expect([again.status, again.body.code]).toEqual([409, "index_already_exists"])
    expect(again.body.error).toContain("already exists")
    expect(await ask("PUT", place(name), planned)).toMatchObject({ status: 200 })
    expect(await found(name)).toMatchObject({ indexStatus: "READY" })
  })
})

describe("bad input", () => {
  const refused = async (method: string, path: string, body: unknown, status: number, code: string) => {
    const answer = await ask(method, path, body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    error.parse(answer.body)
    return answer.body.message as string
  }

  test.each([
    ["an invalid name", "no.dots", {}, 400, "invalid_index_name"],
    ["a long name", "x".repeat(65), {}, 400, "invalid_index_name"],
    ["a replica of basic storage", undefined, { numberOfReplicas: 1 }, 400, "invalid_argument"],
    ["too many shards", undefined, { numberOfShards: 6 }, 400, "limit_exceeded"],
    ["too many replicas", undefined, { storageClass: "marqo.balanced", numberOfReplicas: 2 }, 400, "limit_exceeded"],
    ["too many inferences", undefined, { numberOfInferences: 6 }, 400, "limit_exceeded"],
    ["an unknown setting", undefined, { colour: 1 }, 400, "invalid_argument"],
    ["a list", undefined, [1], 400, "invalid_argument"],
    ["what is not JSON", undefined, "{", 400, "invalid_argument"],
  ])("%s is refused", async (_, name, body, status, code) => {
    const asked = name ?? newName()
    await refused("POST", place(asked), body, status, code)
    expect((await ask("GET", `${place(asked)}/status`)).status).toBe(404)
  })

  test("says which setting is wrong", async () => {
    const settings = { textPreprocessing: { splitLength: 2, splitOverlap: 0, splitMethod: "line" } }
    expect(await refused("POST", place(newName()), settings, 400, "invalid_argument")).toContain(
      "settings.textPreprocessing.splitMethod",
    )
  })

  test("of an index that is not there is told so", async () => {
    const name = newName()
    await refused("GET", `${place(name)}/status`, undefined, 404, "index_not_found")
    await refused("PUT", place(name), { numberOfInferences: 1 }, 404, "index_not_found")
    await refused("DELETE", place(name), undefined, 404, "index_not_found")
  })

  test("cannot shrink an index or change what is fixed", async () => {
    const name = await created({ numberOfShards: 2 })
    await refused("PUT", place(name), { numberOfShards: 1 }, 400, "cannot_shrink")
    await refused("PUT", place(name), { storageClass: "marqo.performance" }, 400, "setting_fixed")
  })

  test("while an operation runs is a conflict of that index alone", async () => {
    cloud.cell.behaviour.transitionMs = 60_000
    const name = newName()
    await ask("POST", place(name), {})
    const again = await refused("POST", place(name), {}, 409, "index_already_exists")
    expect(again).toContain("already exists")
    await refused("PUT", place(name), { numberOfInferences: 2 }, 409, "operation_conflict")
    await refused("DELETE", place(name), undefined, 409, "operation_conflict")
    cloud.cell.behaviour.transitionMs = 0
    await created()
    const other = await created()
    cloud.cell.behaviour.transitionMs = 60_000
    await ask("PUT", place(other), { numberOfInferences: 2 })
    expect(await found(other)).toMatchObject({ indexStatus: "MODIFYING" })
    await refused("PUT", place(other), { numberOfInferences: 3 }, 409, "operation_conflict")
    const endpoint = program((await found(other)).marqoEndpoint, key)
    expect((await endpoint("GET", "/")).status).toBe(200)
    cloud.cell.behaviour.transitionMs = 0
  })

  test("of another method or path is nowhere", async () => {
    expect((await ask("GET", "/api/v2/unknown")).status).toBe(404)
    expect((await ask("PATCH", place("x"), {})).status).toBe(404)
  })
})

describe("a paused index", () => {
  test("is not accessible until it has inference again", async () => {
    const name = await created()
    const endpoint = program((await found(name)).marqoEndpoint, key)
    await ask("PUT", place(name), { numberOfInferences: 0 })
    await untilStatus(ask, name, "READY")
    expect((await endpoint("GET", "/")).status).toBe(409)
    await ask("PUT", place(name), { numberOfInferences: 1 })
    await untilStatus(ask, name, "READY")
    expect((await endpoint("GET", "/")).status).toBe(200)
  })
})

describe("an idempotency key", () => {
  test("lets the same request take effect once, and another request with it none", async () => {
    const [name, idempotency] = [newName(), { "idempotency-key": randomUUID() }]
    const first = await ask("POST", place(name), {}, idempotency)
    const second = await ask("POST", place(name), {}, idempotency)
    expect([first.status, second.status, second.body]).toEqual([200, 200, first.body])
    expect(second.headers.get("idempotency-key")).toBe(idempotency["idempotency-key"])
    const other = await ask("POST", place(name), { numberOfShards: 2 }, idempotency)
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"])
  })
})

describe("the services outside", () => {
  test("may fail for a while: the index is ready in the end, and meanwhile searches go on", async () => {
    const name = await created()
    const endpoint = program((await found(name)).marqoEndpoint, key)
    cloud.cell.behaviour.failing = true
    const later = newName()
    expect((await ask("POST", place(later), {})).status).toBe(200)
    expect((await endpoint("POST", `/indexes/${name}/search`, { q: "x" })).status).toBe(200)
    expect(await found(later)).toMatchObject({ indexStatus: "CREATING", marqoEndpoint: "" })
    cloud.cell.behaviour.failing = false
    await untilStatus(ask, later, "READY")
  })

  test("may refuse: the index has failed, says why, and can be deleted", async () => {
    cloud.cell.behaviour.refuses = /^refused-/
    const name = `refused-${newName()}`
    await ask("POST", place(name), {})
    await untilStatus(ask, name, "FAILED")
    const element = await found(name)
    expect(element).toMatchObject({ errorMsg: `The cell cannot run ${name}.` })
    listElement.parse(element)
    expect((await ask("DELETE", place(name))).status).toBe(200)
    await untilStatus(ask, name, "DELETED")
  })
})
