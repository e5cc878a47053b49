import { cpSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs"
import path from "node:path"
import { z } from "zod"
import type { Host, ResourceProvider, ResourceRequest } from "../host.ts"
import { functionNameOf, parseProperties } from "./function.ts"
import { linkPackages } from "./packages.ts"
import { unzip } from "./zip.ts"

const LayerProperties = z.object({
  LayerName: z.string().optional(),
  Content: z.object({ S3Bucket: z.string(), S3Key: z.string() }),
})
const LayersOfFunction = z.object({ Layers: z.array(z.string()).default([]) })

/** Layer versions, and what a function finds of its layers in /opt. */
export interface Layers {
  readonly provider: ResourceProvider
  /** Unpacks a function's layers in order and links their packages beside its code. Undefined when it has none that are known. */
  unpack(resource: ResourceRequest, taskRoot: string): string | undefined
}

export function createLayers(host: Host): Layers {
  const assets = new Map<string, string>()

  return {
    provider: {
      honours: ["Content.S3Bucket", "Content.S3Key", "LayerName"],
      indifferent: [
        "CompatibleArchitectures",
        "CompatibleRuntimes",
        "Content.S3ObjectVersion",
        "Description",
        "LicenseInfo",
      ],
      create: resource => {
        const { LayerName = resource.physicalName, Content } = parseProperties(LayerProperties, resource)
        const arn = `arn:aws:lambda:${host.region}:${host.accountId}:layer:${LayerName}:1`
        assets.set(arn, host.assets.resolve(Content.S3Bucket, Content.S3Key))
        return { ref: arn, attributes: { LayerVersionArn: arn } }
      },
    },
    unpack: (resource, taskRoot) => {
      const { Layers: arns } = parseProperties(LayersOfFunction, resource)
      for (const arn of arns.filter(one => !assets.has(one)))
        host.log.warn("lambda", `${resource.logicalId}: the layer ${arn} is not in the template, so it is left out`)
      const known = arns.flatMap(arn => assets.get(arn) ?? [])
      if (known.length === 0) return undefined
      const folder = path.join(host.dataFolder, "lambda", "opt", functionNameOf(resource))
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      for (const asset of known) {
        if (statSync(asset).isDirectory()) cpSync(asset, folder, { recursive: true })
        else unzip(asset, folder)
      }
      const modules = path.join(folder, "nodejs", "node_modules")
      if (existsSync(modules)) linkPackages(modules, path.join(taskRoot, "node_modules"))
      return folder
    },
  }
}
