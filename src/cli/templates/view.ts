import { words } from "../new/naming.ts"

/** What a new view is written with. */
export interface ViewNames {
  readonly context: string
  /** Name of the view and its query. */
  readonly name: string
  /** Name of its file and its value. */
  readonly value: string
  /** Name of the row's GraphQL type. */
  readonly type: string
  readonly aggregate: string
  /** Status of the aggregate in which it has a row. */
  readonly status: string
  /** Fields of the row and their schemas, as text. */
  readonly fields: Readonly<Record<string, string>>
  /** Ids among these schemas. */
  readonly ids: readonly string[]
  readonly partition: readonly string[]
  readonly sort: readonly string[]
  /** Who may ask. */
  readonly role: string
  /** The event after which the row is there, its data and the row, as text. */
  readonly event: string
  readonly data: string
  readonly row: string
  /** Does the data speak about a person? */
  readonly personal: boolean
}

/** A view with a row for each aggregate that is in one status. */
export function viewFile(view: ViewNames): string {
  const fields = Object.keys(view.fields).join(", ")
  const row = Object.entries(view.fields).map(([field, schema]) => `    ${field}: ${schema},`)
  return `import { z } from "zod"
import { member, rowsOf, view } from "../../core/index.ts"
import { ${view.aggregate} } from "./${view.aggregate}.ts"
import { ${view.ids.join(", ")} } from "./ids.ts"

export const ${view.value} = view({
  name: "${view.name}",
  description: "${view.sort.length > 0 ? `Which ${words(view.name)} are there` : `What is this ${words(view.name)}`}?",
  type: "${view.type}",
  row: z.object({
${row.join("\n")}
  }),
  partition: ${JSON.stringify(view.partition)},${view.sort.length > 0 ? `\n  sort: ${JSON.stringify(view.sort)},` : ""}
  authorize: member("${view.role}"),
  from: [
    rowsOf(${view.aggregate}, state => {
      if (state.status !== "${view.status}") return []
      const { ${fields} } = state
      return [{ ${fields} }]
    }),
  ],
})
`
}

/** What that view shows, and when. */
export const viewTest = (view: ViewNames): string => `import { describe, test } from "vitest"
import { events, ${view.aggregate} } from "../../../src/contexts/${view.context}/${view.aggregate}.ts"
import { ${view.value} } from "../../../src/contexts/${view.context}/${view.value}.ts"
${view.personal ? 'import { about } from "../../../src/core/index.ts"\n' : ""}import { given } from "../../scenario.ts"

const fact = events.${view.event}(${view.data})

describe("the view ${view.name}", () => {
  test("has a row after ${view.event}", () =>
    given(${view.aggregate}, fact).thenRows(${view.value}, ${view.row}))

  test("has none before", () => given(${view.aggregate}).thenRows(${view.value}))
})
`
