import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import ts from "typescript"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { app } from "../../../src/contexts/index.ts"
import { asyncApi } from "../../../src/model/asyncApi.ts"
import { catalogueOf } from "../../../src/model/catalogue.ts"
import { consoleTypes } from "../../../src/model/consoleTypes.ts"
import { generatedFiles } from "../../../src/model/generate.ts"
import { eventSchemas } from "../../../src/model/messageSchemas.ts"
import { library } from "./library.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))

describe("a generated file", () => {
  test.each([...generatedFiles(app)])("%s is up to date", (file, content) => {
    const committed = existsSync(root + file) ? readFileSync(root + file, "utf8") : ""
    expect(committed === content, `${file} is stale: run \`npm run generate\` and commit what it writes`).toBe(true)
  })
})

describe("the catalogue", () => {
  const { contexts } = catalogueOf(app)
  const accounts = contexts.find(({ name }) => name === "accounts")

  test("says what an event starts and changes", () => {
    const events = accounts?.aggregates.flatMap(aggregate => aggregate.events)
    expect(events?.find(({ name }) => name === "InvitationAccepted")).toMatchObject({
      starts: ["cancelExpiryOnInvitationAccepted", "makeMembershipOnInvitationAccepted"],
      changes: ["accountCounts"],
    })
  })

  test("says which commands make an event, and of each event by which it is made", () => {
    const events = accounts?.aggregates.flatMap(aggregate => aggregate.events) ?? []
    const madeBy = Object.fromEntries(events.map(event => [event.name, event.madeBy]))
    expect(madeBy.MemberJoined).toEqual(["JoinAccount"])
    expect(madeBy.OwnerRemoved).toEqual(["RemoveOwner"])
    expect(Object.keys(madeBy).filter(name => madeBy[name]?.length === 0)).toEqual([])
  })

  test("says who may ask", () => {
    const commands = accounts?.aggregates.flatMap(aggregate => aggregate.commands)
    expect(commands?.find(({ name }) => name === "RemoveMember")?.mayAsk).toBe(
      "owner or admin of the tenant (`accountId`); the person whom `personId` names",
    )
  })

  test("counts the versions of an event", () => {
    const [lending] = catalogueOf(library).contexts
    expect(lending?.aggregates[0]?.events.map(({ schemaVersion }) => schemaVersion)).toEqual([1, 2])
  })
})

describe("the messages on the bus", () => {
  test("are described with every reference resolved", () => {
    const document = asyncApi(app)
    const text = JSON.stringify(document)
    for (const [, pointer = ""] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = pointer.split("/").reduce<unknown>((at, part) => Reflect.get(Object(at), part), document)
      expect(target, pointer).toBeDefined()
    }
    expect(parse(generatedFiles(app).get("docs/asyncapi.yaml") ?? "")).toEqual(JSON.parse(text))
  })

  test("carry personal values sealed, and nothing of the kernel's own marks", () => {
    const { schema } = eventSchemas(app)["accounts.MemberInvited"] ?? {}
    expect(schema).toMatchObject({
      properties: {
        email: { properties: { $personal: { required: ["subject", "sealed"] } } },
        role: { enum: expect.any(Array) },
      },
    })
    expect(JSON.stringify(eventSchemas(app))).not.toMatch(/"graphql"|"\$ref"|additionalProperties/)
  })
})

test.each([
  ["the app", app],
  ["another app", library],
])("the console's types of %s compile", (_, one) => {
  const source = ts.createSourceFile("model.ts", consoleTypes(one), ts.ScriptTarget.ES2022, true)
  const library = ts.createSourceFile(
    "lib.d.ts",
    "interface Array<T> { length: number }\ninterface ReadonlyArray<T> {}\ninterface String {}\ninterface Number {}\ninterface Boolean {}\ninterface Object {}\ninterface Function {}\ninterface CallableFunction {}\ninterface NewableFunction {}\ninterface IArguments {}\ninterface RegExp {}\n",
    ts.ScriptTarget.ES2022,
  )
  const host = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name: string) => (name === "model.ts" ? source : name.endsWith("lib.d.ts") ? library : undefined),
  }
  const program = ts.createProgram(
    ["model.ts"],
    { strict: true, noEmit: true, types: [], target: ts.ScriptTarget.ES2022, lib: ["lib.d.ts"] },
    host,
  )
  expect(ts.getPreEmitDiagnostics(program, source).map(({ messageText }) => messageText)).toEqual([])
})
