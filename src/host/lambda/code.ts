import { cpSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import path from "node:path"
import { z } from "zod"
import type { Host, ResourceRequest } from "../host.ts"
import { functionNameOf, parseProperties } from "./function.ts"
import { unzip } from "./zip.ts"

const CodeProperties = z.object({
  Code: z.object({
    S3Bucket: z.string().optional(),
    S3Key: z.string().optional(),
    ZipFile: z.string().optional(),
    ImageUri: z.string().optional(),
  }),
})

/**
 * Puts the function's code in a folder of its own, as Lambda does in /var/task, and returns the folder. A copy keeps the
 * package.json files above the asset out of the function's sight.
 */
export function unpackCode(host: Host, resource: ResourceRequest): string {
  const { Code } = parseProperties(CodeProperties, resource)
  const root = path.join(host.dataFolder, "lambda")
  const folder = path.join(root, "code", functionNameOf(resource))
  provideSdk(root)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  if (Code.ZipFile !== undefined) {
    writeFileSync(path.join(folder, "index.js"), Code.ZipFile)
  } else if (Code.S3Bucket !== undefined && Code.S3Key !== undefined) {
    const asset = host.assets.resolve(Code.S3Bucket, Code.S3Key)
    if (statSync(asset).isDirectory()) cpSync(asset, folder, { recursive: true })
    else unzip(asset, folder)
  }
  const manifest = path.join(folder, "package.json")
  if (!existsSync(manifest)) writeFileSync(manifest, "{}")
  return folder
}

/** Lambda's Node.js runtimes bring the AWS SDK; functions that leave it out of their bundle find the host's. */
function provideSdk(root: string): void {
  const modules = path.join(root, "node_modules")
  if (existsSync(modules)) return
  mkdirSync(modules, { recursive: true })
  const sdk = createRequire(import.meta.url).resolve("@aws-sdk/client-dynamodb/package.json")
  const installed = path.resolve(sdk, "../../..")
  for (const scope of ["@aws-sdk", "@smithy"])
    symlinkSync(path.join(installed, scope), path.join(modules, scope), "junction")
}
