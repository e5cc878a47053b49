import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { z } from "zod"
import type { Host, ResourceRequest } from "../host.ts"
import { cfnResponse } from "./cfnResponse.ts"
import { functionNameOf, parseProperties } from "./function.ts"
import { provideSdk } from "./packages.ts"
import { bundle, entryPointsOf } from "./sourceBundle.ts"
import { unzip } from "./zip.ts"

/** A path beside the template, as `aws cloudformation package` takes it. */
const LocalPath = z.string().transform(path => ({ S3Bucket: "", S3Key: path, ZipFile: undefined }))
const Packaged = z.object({
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
  ZipFile: z.string().optional(),
  ImageUri: z.string().optional(),
})
const CodeProperties = z.object({ Code: z.union([LocalPath, Packaged]) })

/**
 * Puts the function's code in a folder of its own, as Lambda does in /var/task, and returns the folder. A copy keeps the
 * package.json files above the asset out of the function's sight.
 */
export function unpackCode(host: Host, resource: ResourceRequest): string {
  const { Code } = parseProperties(CodeProperties, resource)
  const root = path.join(host.dataFolder, "lambda")
  const folder = path.join(root, "code", functionNameOf(resource))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { S3Bucket, S3Key } = Code
  const asset = S3Bucket === undefined || S3Key === undefined ? undefined : host.assets.resolve(S3Bucket, S3Key)
  provideSdk(root, asset)
  const entries = entryPointsOf(resource, asset)
  if (Code.ZipFile !== undefined) {
    if (String(resource.properties.Runtime).startsWith("python")) {
      writeFileSync(path.join(folder, "index.py"), Code.ZipFile)
      cpSync(fileURLToPath(new URL("./python/cfnresponse.py", import.meta.url)), path.join(folder, "cfnresponse.py"))
      return folder
    }
    const helper = path.join(folder, "node_modules", "cfn-response")
    mkdirSync(helper, { recursive: true })
    writeFileSync(path.join(helper, "index.js"), cfnResponse)
    writeFileSync(path.join(folder, "index.js"), Code.ZipFile)
  } else if (entries.length > 0) bundle(resource, entries, folder)
  else if (asset !== undefined) {
    if (statSync(asset).isDirectory()) cpSync(asset, folder, { recursive: true })
    else unzip(asset, folder)
  }
  const manifest = path.join(folder, "package.json")
  if (!existsSync(manifest)) writeFileSync(manifest, "{}")
  return folder
}
