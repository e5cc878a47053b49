import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { basename, join } from "node:path"
import { build, type Plugin } from "esbuild"
import type { App } from "../src/core/manifest.ts"

/**
 * A hash of the code that folds each aggregate, by its name: of the file `<contexts>/<context>/<aggregate>.ts` with what
 * it imports of its context, without comments and types. A snapshot made under another hash is not used.
 */
export async function reducerHashes(app: App, contexts: string): Promise<Readonly<Record<string, string>>> {
  const files = app.contexts.flatMap(({ name, aggregates }) =>
    aggregates.map(aggregate => ({ name: aggregate.name, file: join(contexts, name, `${aggregate.name}.ts`) })),
  )
  for (const { name, file } of files)
    if (!existsSync(file)) throw new Error(`aggregate ${name} must stand in a file of its name: there is no ${file}`)
  const { outputFiles } = await build({
    entryPoints: files.map(({ name, file }) => ({ in: file, out: name })),
    outdir: contexts,
    write: false,
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: true,
    format: "esm",
    platform: "node",
    target: "node20",
    legalComments: "none",
    external: ["zod"],
    plugins: [withoutCore],
  })
  return Object.fromEntries(
    outputFiles.map(({ path, contents }) => [
      basename(path, ".js"),
      createHash("sha256").update(contents).digest("base64url").slice(0, 22),
    ]),
  )
}

const withoutCore: Plugin = {
  name: "without core",
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/core\/index\.ts$/ }, ({ path }) => ({ path, external: true }))
  },
}
