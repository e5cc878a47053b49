import { pascalCase } from "../../model/names.ts"
import { idOf, someId, withArticle, words } from "../new/naming.ts"

/** What a new aggregate is written with. */
export interface AggregateNames {
  readonly context: string
  readonly name: string
  /** The field that names the tenant. */
  readonly tenant: string
  /** Who may give the first command. */
  readonly role: string
}

/** An aggregate with one command, one event and each of the three outcomes. */
export function aggregateFile({ name, tenant, role }: AggregateNames): string {
  const type = pascalCase(name)
  const key = `${name}Id`
  return `import { z } from "zod"
import { type Aggregate, member, messages, rejected } from "../../core/index.ts"
import { ${idOf(tenant)}, ${idOf(key)} } from "./ids.ts"

const key = { ${tenant}: ${idOf(tenant)}, ${key}: ${idOf(key)} }

export const commands = messages({
  Add${type}: z.object({ ...key, name: z.string().trim().min(1).max(100) }).describe("Adds ${withArticle(name)}."),
})

// Stored for ever: add fields and types, never rename or remove one.
export const events = messages({
  ${type}Added: z.object({ ...key, name: z.string() }).describe("There is ${withArticle(name)}."),
})
const { ${type}Added } = events

export type State =
  | { readonly status: "unknown" }
  | {
      readonly status: "added"
      readonly ${tenant}: ${idOf(tenant)}
      readonly ${key}: ${idOf(key)}
      readonly name: string
      readonly addedAt: string
    }

const rejections = {
  ${type}Exists: "There is such ${withArticle(name)} already, under another name.",
} as const

/** ${capital(withArticle(name))} is added once and keeps its name. */
export const ${name}: Aggregate<typeof commands, typeof events, State, typeof rejections> = {
  name: "${name}",
  description: "${capital(withArticle(name))} is added once and keeps its name.",
  commands,
  events,
  rejections,
  key: "${key}",
  initial: { status: "unknown" },

  authorize: {
    Add${type}: member("${role}"),
  },

  decide: {
    Add${type}: (state, { ${tenant}, ${key}, name }) => {
      if (state.status === "unknown") return [${type}Added({ ${tenant}, ${key}, name })]
      return state.name === name ? [] : rejected("${type}Exists", "name")
    },
  },

  evolve: {
    ${type}Added: (_, { ${tenant}, ${key}, name }, { time }) => ({
      status: "added",
      ${tenant},
      ${key},
      name,
      addedAt: time,
    }),
  },
}
`
}

/** The rules of that aggregate. */
export function aggregateTest({ context, name, tenant }: AggregateNames): string {
  const type = pascalCase(name)
  const key = `${name}Id`
  return `import { describe, test } from "vitest"
import { commands, events, ${name} } from "../../../src/contexts/${context}/${name}.ts"
import { given } from "../../scenario.ts"

const { Add${type} } = commands
const { ${type}Added } = events
const key = { ${tenant}: "${someId(tenant)}", ${key}: "${someId(key)}" }
const added = ${type}Added({ ...key, name: "First" })

describe("${withArticle(name)}", () => {
  test("is added once", () => {
    given(${name})
      .when(Add${type}({ ...key, name: "First" }))
      .thenEvents(added)
    given(${name}, added)
      .when(Add${type}({ ...key, name: "First" }))
      .thenNothing()
  })

  test("keeps its name", () =>
    given(${name}, added)
      .when(Add${type}({ ...key, name: "Second" }))
      .thenRejected("${type}Exists"))
})
`
}

const capital = (text: string) => pascalCase(words(text))
