/** What the rooms must not contain, and how files look. Who may import what is `.dependency-cruiser.mjs`. */
import { readdirSync, readFileSync } from "node:fs"
import { basename, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"
import { describe, expect, test } from "vitest"
import { app } from "../../src/contexts/index.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const linesMax = 320
const resolversMax = 12

/** Paths of the sources in these folders, without tests and generated files. */
const sourcesIn = (...folders: readonly string[]) =>
  folders
    .flatMap(folder => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile() && /(?<!\.test|\.generated|\.d)\.(?:ts|tsx|mjs)$/.test(entry.name))
    .map(entry => relative(root, join(entry.parentPath, entry.name)))

const textOf = (path: string) => readFileSync(join(root, path), "utf8")

/** `path:line what` for each node that `look` names. */
function findings(paths: readonly string[], look: (node: ts.Node, source: ts.SourceFile) => string | undefined) {
  return paths.flatMap(path => {
    const source = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true)
    const found: string[] = []
    const visit = (node: ts.Node): void => {
      const what = look(node, source)
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      if (what !== undefined) found.push(`${path}:${line + 1} ${what}`)
      ts.forEachChild(node, visit)
    }
    visit(source)
    return found
  })
}

describe("the core and the contexts", () => {
  const impure = /^(?:Date\.now|Math\.random|process\.\w+|console\.\w+|crypto\.\w+|performance\.\w+)$/
  const ambient = /^(?:Date|fetch|setTimeout|setInterval|setImmediate|queueMicrotask|require)$/

  test("know no clock, no chance, no environment and no outside", () => {
    const found = findings(sourcesIn("src/core", "src/contexts"), node => {
      if (ts.isPropertyAccessExpression(node) && impure.test(node.getText())) return node.getText()
      if (ts.isNewExpression(node) && node.getText().startsWith("new Date()")) return node.getText()
      if (ts.isCallExpression(node) && ambient.test(node.expression.getText())) return node.expression.getText()
      const isImport = ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)
      return isImport && node.moduleSpecifier.text.startsWith("node:") ? node.moduleSpecifier.text : undefined
    })
    expect(found).toEqual([])
  })

  test("leave `async` to what calls the contexts", () => {
    const found = findings(sourcesIn("src/contexts"), node =>
      node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node) ? "async" : undefined,
    )
    expect(found).toEqual([])
  })

  test("refuse by a value: no context throws", () => {
    const found = findings(sourcesIn("src/contexts"), node =>
      ts.isThrowStatement(node) || ts.isTryStatement(node) ? "throw" : undefined,
    )
    expect(found).toEqual([])
  })

  test("take types as they are: no context casts", () => {
    const found = findings(sourcesIn("src/contexts"), node => {
      if (node.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(node)) return node.getText()
      if (!ts.isAsExpression(node) && !ts.isTypeAssertionExpression(node)) return undefined
      return node.type.getText() === "const" ? undefined : node.getText()
    })
    expect(found).toEqual([])
  })
})

describe("the rooms that serve any domain", () => {
  /** Words that AWS itself says: an AWS account, a member of a group, an index of a table, a key of an API. */
  const wordsOfAws = [
    "account",
    "accounts",
    "member",
    "members",
    "index",
    "indexes",
    "apikey",
    "apikeys",
    "createapikey",
    "billing",
    "integrations",
  ]
  const words = app.contexts.flatMap(context => [
    context.name,
    ...context.aggregates.flatMap(({ name, commands, events }) => [
      name,
      ...Object.keys(commands),
      ...Object.keys(events),
    ]),
    ...[...context.views, ...context.projections].flatMap(({ name, type }) => [name, type]),
    ...context.automations.map(({ name }) => name),
  ])
  const business = new RegExp(
    `(?<![A-Za-z])(?:${words.filter(word => !wordsOfAws.includes(word.toLowerCase())).join("|")})(?![a-z])`,
    "g",
  )

  test.each(["src/adapters", "src/lambdas", "src/host", "infra"])("%s: no word of a context", room => {
    const found = sourcesIn(room).flatMap(path => (textOf(path).match(business) ?? []).map(word => `${path} ${word}`))
    expect(found).toEqual([])
  })

  test("an adapter knows one client of the SDK", () => {
    const crowded = readdirSync(join(root, "src/adapters"), { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(({ name }) => {
        const imports = sourcesIn(`src/adapters/${name}`).flatMap(path => [
          ...textOf(path).matchAll(/from "@aws-sdk\/(?:client|lib|util)-(\w+)"/g),
        ])
        return { name, clients: [...new Set(imports.map(([, client]) => client))] }
      })
      .filter(({ clients }) => clients.length > 1)
    expect(crowded).toEqual([])
  })

  test("a dozen shared functions hold the logic of all resolvers", () =>
    expect(sourcesIn("resolvers").filter(path => !path.includes("parts")).length).toBeLessThanOrEqual(resolversMax))
})

describe("a file", () => {
  const everything = sourcesIn("src", "infra", "resolvers", "bin")

  test("in src stands in one of the rooms", () =>
    expect(readdirSync(join(root, "src")).sort()).toEqual([
      "adapters",
      "cli",
      "contexts",
      "core",
      "host",
      "lambdas",
      "model",
    ]))

  test("of a context stands in the context's one flat folder", () =>
    expect(sourcesIn("src/contexts").filter(path => !/^src\/contexts\/(?:\w+\/\w+|index)\.ts$/.test(path))).toEqual([]))

  test("is short enough to be read", () => {
    const long = everything.map(path => ({ path, lines: textOf(path).split("\n").length }))
    expect(long.filter(({ lines }) => lines > linesMax)).toEqual([])
  })

  test("is called after what it is", () =>
    expect(everything.filter(path => /(?:utils|helpers?|common|managers?)\.\w+$/i.test(basename(path)))).toEqual([]))
})
