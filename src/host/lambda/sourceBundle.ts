import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import path from "node:path"
import type { BuildOptions, Loader } from "esbuild"
import { z } from "zod"
import type { ResourceRequest } from "../host.ts"

const texts = z.array(z.string()).optional()
const flag = z.union([z.boolean(), z.stringbool()]).optional()
const Metadata = z.object({
  BuildMethod: z.literal("esbuild"),
  BuildProperties: z.object({
    EntryPoints: z.array(z.string()).default(["app"]),
    External: texts,
    Format: z.enum(["cjs", "esm", "iife"]).optional(),
    MainFields: z.union([z.string().transform(fields => fields.split(",")), z.array(z.string())]).optional(),
    Loader: texts,
    OutExtension: texts,
    Banner: texts,
    Define: z.record(z.string(), z.string()).optional(),
    Minify: flag,
    Sourcemap: flag,
    Target: z.string().optional(),
  }),
})

/** Sources that the template asks to be bundled by esbuild, as `sam build` does; none when they are built already. */
export function entryPointsOf({ metadata }: ResourceRequest, folder: string | undefined): string[] {
  const read = Metadata.safeParse(metadata)
  if (!read.success || folder === undefined) return []
  const paths = read.data.BuildProperties.EntryPoints.map(entry => path.join(folder, entry))
  return paths.every(entry => existsSync(entry)) ? paths : []
}

/** Bundles the sources of a function into its folder. Throws an Error with esbuild's first message. */
export function bundle(resource: ResourceRequest, entryPoints: string[], outdir: string): void {
  const { BuildProperties: given } = Metadata.parse(resource.metadata)
  const options: BuildOptions = {
    entryPoints,
    outdir,
    bundle: true,
    platform: "node",
    format: given.Format ?? "cjs",
    target: given.Target ?? "es2020",
    minify: given.Minify ?? false,
    sourcemap: given.Sourcemap ?? false,
    logLevel: "silent",
    ...(given.External !== undefined && { external: given.External }),
    ...(given.MainFields !== undefined && { mainFields: given.MainFields }),
    ...(given.Define !== undefined && { define: given.Define }),
    ...(given.Loader !== undefined && {
      loader: Object.fromEntries(given.Loader.map(pairOf)) as Record<string, Loader>,
    }),
    ...(given.OutExtension !== undefined && { outExtension: Object.fromEntries(given.OutExtension.map(pairOf)) }),
    ...(given.Banner !== undefined && { banner: Object.fromEntries(given.Banner.map(pairOf)) }),
  }
  // Loaded when needed: most templates bring functions that are built.
  const { buildSync }: typeof import("esbuild") = createRequire(import.meta.url)("esbuild")
  try {
    buildSync(options)
  } catch (error) {
    const [, reason] = (error instanceof Error ? error.message : String(error)).split("\n")
    throw new Error(`${resource.logicalId}: esbuild: ${reason ?? error}`)
  }
}

/** `.png=file` as name and value. */
const pairOf = (text: string): [string, string] => {
  const at = text.indexOf("=")
  return [text.slice(0, at), text.slice(at + 1)]
}
