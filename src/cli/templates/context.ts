import { words } from "../new/naming.ts"

/** The manifest of a context that has nothing yet. */
export const contextIndex = (name: string): string => `import type { Context } from "../../core/index.ts"

/** Everything about ${words(name)}. */
export const ${name}: Context = {
  name: "${name}",
  description: "Everything about ${words(name)}.",
  aggregates: [],
  views: [],
  projections: [],
  automations: [],
}
`

/** The ids of a context that has none yet. */
export const contextIds = `import { z } from "zod"
import { id } from "../../core/index.ts"
`

/** One branded id. */
export const idDeclaration = (type: string): string => `export const ${type} = id<"${type}">()
export type ${type} = z.output<typeof ${type}>
`
