/** What the documents name is there: files, headings, tests, commands. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const textOf = (path: string) => readFileSync(join(root, path), "utf8")
const inFolder = (folder: string) =>
  readdirSync(join(root, folder))
    .filter(name => name.endsWith(".md"))
    .map(name => join(folder, name))
const documents = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", ...inFolder("docs"), ...inFolder("docs/decisions")]

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, "")
const linkPattern = /\[[^\]]*\]\(([^)\s]+)\)/g
const linksIn = (text: string) => [...withoutCode(text).matchAll(linkPattern)].map(([, target = ""]) => target)

/** A heading's anchor as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-")
const anchorsIn = (path: string) =>
  [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading))

function isThere(document: string, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return true
  const [path = "", anchor] = target.split("#")
  const found = relative(root, join(root, path === "" ? document : join(dirname(document), path)))
  return existsSync(join(root, found)) && (anchor === undefined || anchorsIn(found).includes(anchor))
}

/** `[name](test/…) "title"`, also when a line ends between the two. */
const citedTests = (document: string) =>
  [...textOf(document).matchAll(/\]\(([^)\s]*\.ts)\)[\s]*((?:(?:and\s+)?"[^"|]+"[\s,;]*)+)/g)].flatMap(
    ([, target = "", quoted = ""]) =>
      [...quoted.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({
        path: join(dirname(document), target),
        title: title.replace(/\s+/g, " "),
      })),
  )

describe("a document", () => {
  test.each(documents)("%s links to what is there", document => {
    expect(linksIn(textOf(document)).filter(target => !isThere(document, target))).toEqual([])
  })

  test.each(documents)("%s cites tests by their titles", document => {
    const missing = citedTests(document).filter(
      ({ path, title }) => !existsSync(join(root, path)) || !textOf(path).includes(`"${title}"`),
    )
    expect(missing).toEqual([])
  })

  test.each(documents)("%s names commands that there are", document => {
    const known = [...textOf("src/cli/main.ts").matchAll(/\.command\("(\w+)/g)].map(([, name]) => name)
    const named = [...textOf(document).matchAll(/npx foldline (\w+)/g)].map(([, name]) => name)
    expect(named.filter(name => !known.includes(name))).toEqual([])
  })
})

describe("the table of promises", () => {
  const rows = textOf("README.md").match(/^\| P\d+ \|.*$/gm) ?? []

  test("has the fourteen promises in order", () => {
    expect(rows.map(row => row.split("|")[1]?.trim())).toEqual(
      Array.from({ length: 14 }, (_, index) => `P${index + 1}`),
    )
  })

  test("names a test for each promise", () => {
    const cited = citedTests("README.md")
    expect(cited.length).toBeGreaterThanOrEqual(rows.length)
    for (const row of rows) expect(row).toMatch(/\]\(test\/[^)]+\) "[^"]+"/)
  })
})

test("the list of decisions is complete", () => {
  const decisions = readdirSync(join(root, "docs/decisions")).filter(name => /^\d{3}-.*\.md$/.test(name))
  expect(linksIn(textOf("docs/decisions/README.md"))).toEqual(decisions.sort())
})

test("the lock file has Biome for every platform, in one version", () => {
  const { packages } = JSON.parse(textOf("package-lock.json")) as {
    packages: Record<string, { version: string; optionalDependencies?: Record<string, string> }>
  }
  const biome = packages["node_modules/@biomejs/biome"]
  const platforms = Object.keys(biome?.optionalDependencies ?? {})
  expect(platforms).toHaveLength(8)
  expect(platforms.map(name => packages[`node_modules/${name}`]?.version)).toEqual(platforms.map(() => biome?.version))
})
