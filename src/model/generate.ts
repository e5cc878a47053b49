import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { stringify } from "yaml"
import { app } from "../contexts/index.ts"
import type { App } from "../core/manifest.ts"
import { asyncApi } from "./asyncApi.ts"
import { catalogueOf } from "./catalogue.ts"
import { catalogueText } from "./catalogueText.ts"
import { consoleTypes } from "./consoleTypes.ts"
import { eventModelPicture } from "./eventModelPicture.ts"
import { eventSchemas } from "./messageSchemas.ts"
import { graphqlSchema } from "./schema.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** Every generated file: path from the root of the repository → content. */
export function generatedFiles(app: App): ReadonlyMap<string, string> {
  const catalogue = catalogueOf(app)
  const pictureOf = (context: { name: string }) => `event-model-${context.name}.svg`
  return new Map([
    ["schema.graphql", graphqlSchema(app)],
    ["docs/catalogue.md", catalogueText(catalogue, pictureOf)],
    ...catalogue.contexts.map(context => [`docs/${pictureOf(context)}`, eventModelPicture(context)] as const),
    ["docs/asyncapi.yaml", stringify(asyncApi(app), { lineWidth: 0, aliasDuplicateObjects: false })],
    ["docs/events.json", `${JSON.stringify(eventSchemas(app), null, 2)}\n`],
    ["console/src/model.generated.ts", consoleTypes(app)],
  ])
}

/** Writes every generated file. */
export function generate(): void {
  for (const [file, content] of generatedFiles(app)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), content)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) generate()
