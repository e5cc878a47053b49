import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { build, type Metafile, type Plugin } from "esbuild"

export interface BundleProps {
  /** Folder of the entries `<name>.lambda.ts`. */
  readonly entries: string
  /** Folder that gets `<name>/index.js` for each. */
  readonly outdir: string
  /** Constants put into the code: name → value as JSON text. */
  readonly constants?: Readonly<Record<string, string>>
}

/** Bundles of functions by entry name, and what went into them. */
export interface Bundles {
  readonly folder: (name: string) => string
  readonly metafile: Metafile
}

const suffix = ".lambda.ts"
/** Bundles every entry at once. Throws when there is none, or as esbuild does when code does not compile. */
export async function bundleFunctions({ entries, outdir, constants = {} }: BundleProps): Promise<Bundles> {
  const names = existsSync(entries)
    ? readdirSync(entries).flatMap(file => (file.endsWith(suffix) ? [file.slice(0, -suffix.length)] : []))
    : []
  if (names.length === 0) throw new Error(`${entries} holds no function: an entry is a file <name>${suffix}`)
  rmSync(outdir, { recursive: true, force: true })
  mkdirSync(outdir, { recursive: true })
  const { metafile } = await build({
    entryPoints: names.map(name => ({ in: join(entries, `${name}${suffix}`), out: `${name}/index` })),
    outdir,
    bundle: true,
    format: "cjs",
    // Node.js 20 cannot reuse the compiled form of code that imports while it runs.
    supported: { "dynamic-import": false },
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    conditions: ["module", "import"],
    minify: true,
    treeShaking: true,
    legalComments: "none",
    metafile: true,
    logLevel: "silent",
    define: { ...constants },
    plugins: [namespaceImportOfZod, credentialsFromEnvironment],
  })
  return {
    metafile,
    folder: name => {
      if (!names.includes(name)) throw new Error(`there is no function ${name}: ${entries} has ${names.join(", ")}`)
      return resolve(outdir, name)
    },
  }
}

/**
 * `import { z }` keeps all of zod alive, with the messages of fifty languages; of `import * as z` only what is used
 * stays.
 */
const namespaceImportOfZod: Plugin = {
  name: "namespace import of zod",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/, namespace: "file" }, async ({ path }) => {
      const code = await readFile(path, "utf8")
      return { contents: code.replace(/^import \{ z \} from "zod"/m, 'import * as z from "zod"'), loader: "ts" }
    })
  },
}

/** Lambda hands credentials over in the environment; the other ways to find some would be a third of each bundle's SDK. */
const credentialsFromEnvironment: Plugin = {
  name: "credentials from the environment",
  setup: ({ onResolve, onLoad }) => {
    const namespace = "credentials"
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path, resolveDir }) => ({
      path,
      namespace,
      pluginData: resolveDir,
    }))
    onLoad({ filter: /.*/, namespace }, ({ pluginData }) => ({
      contents: `export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env"`,
      resolveDir: pluginData,
    }))
  },
}
