import { describe, expect, test } from "vitest"
import { checkName, singular, withArticle, words } from "../../../src/cli/new/naming.ts"
import { listed, withIds } from "../../../src/cli/new/register.ts"

const manifest = `import type { Context } from "../../core/index.ts"
import { copy } from "./copy.ts"
import { reader } from "./reader.ts"

export const lending: Context = {
  name: "lending",
  aggregates: [
    copy,
    reader,
  ],
  views: [],
}

export const other = { automations: [] }
`
const entry = { file: "index.ts", owner: "lending: Context", list: "views", name: "loans", from: "./loans.ts" }

describe("a manifest", () => {
  test("lists a new name and imports it in order", () => {
    const text = listed(manifest, entry)
    expect(text).toContain('"./copy.ts"\nimport { loans } from "./loans.ts"\nimport { reader }')
    expect(text).toContain("views: [loans]")
  })

  test("keeps the names that it has", () =>
    expect(listed(manifest, { ...entry, list: "aggregates" })).toContain("aggregates: [copy, reader, loans]"))

  test("imports after everything else what comes last", () =>
    expect(listed(manifest, { ...entry, from: "./zebras.ts" })).toContain(
      '"./reader.ts"\nimport { loans } from "./zebras.ts"\n\nexport',
    ))

  test.each([
    ["has another name", manifest.replace("lending: Context", "lendings: Context")],
    ["computes the list", manifest.replace("views: []", "views: [...all()]")],
    ["lacks the list", manifest.replace("  views: [],\n", "")],
    ["imports nothing", manifest.replace(/^import .*\n/gm, "")],
  ])("that %s is left alone, and the user is told what to add by hand", (_, text) =>
    expect(() => listed(text, entry)).toThrow(
      /^index\.ts: .+\. Import loans from ".\/loans\.ts" and add it to views by hand$/,
    ))

  test("lends no list from another declaration of its file", () =>
    expect(() => listed(manifest, { ...entry, list: "automations" })).toThrow("not a plain list"))
})

describe("ids", () => {
  const ids =
    'import { z } from "zod"\n\nexport const CopyId = id<"CopyId">()\nexport type CopyId = z.output<typeof CopyId>\n\nexport const roles = []\n'

  test("are declared once, next to the others", () => {
    const text = withIds(ids, ["CopyId", "LoanId"])
    expect(text.match(/const CopyId/g)).toHaveLength(1)
    expect(text).toContain('typeof CopyId>\nexport const LoanId = id<"LoanId">()\n')
  })
})

describe("a name", () => {
  test.each(["Copy", "open-copies", "class", "await", "x", "9lives", "copies of"])("%s is refused", name =>
    expect(() => checkName(name)).toThrow(/no name|word of JavaScript/))

  test.each(["copy", "openCopies", "archiveCopyOnCopyLost"])("%s is taken", name =>
    expect(() => checkName(name)).not.toThrow())

  test("is read as English", () => {
    expect(["copies", "boxes", "invoices", "classes", "billing"].map(singular)).toEqual([
      "copy",
      "box",
      "invoice",
      "class",
      "billing",
    ])
    expect(withArticle("openInvoice")).toBe("an open invoice")
    expect(words("shareRequest")).toBe("share request")
  })
})
