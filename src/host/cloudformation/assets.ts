import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import type { Assets } from "../host.ts"

interface AssetManifest {
  files?: Record<string, { source: { path?: string }; destinations: Record<string, { objectKey: string }> }>
}

/** Finds assets by the object keys in the `*.assets.json` files of these folders; an object key may also be a path beside them. */
export function assetIndex(folders: readonly string[]): Assets {
  const paths = new Map<string, string>()
  for (const folder of folders)
    for (const name of readdirSync(folder).filter(name => name.endsWith(".assets.json"))) {
      const manifest: AssetManifest = JSON.parse(readFileSync(join(folder, name), "utf8"))
      for (const { source, destinations } of Object.values(manifest.files ?? {}))
        for (const { objectKey } of Object.values(destinations))
          if (source.path !== undefined) paths.set(objectKey, resolve(folder, source.path))
    }

  const find = (key: string) =>
    paths.get(key) ?? folders.map(folder => resolve(folder, key)).find(path => existsSync(path))

  return {
    resolve: (bucket, key) => {
      const path = find(key)
      if (path === undefined) throw new Error(`no asset for bucket ${bucket}, key ${key} in ${folders.join(", ")}`)
      return path
    },
    resolveUrl: url => {
      const path = find(url.replace(/^(s3|https):\/\/[^/]+\//, "")) ?? find(url.slice(url.lastIndexOf("/") + 1))
      if (path === undefined) throw new Error(`no asset for ${url} in ${folders.join(", ")}`)
      return path
    },
  }
}
