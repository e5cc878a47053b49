import { readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join, relative, sep } from "node:path"
import { contentTypeOf } from "../endpoint/staticFiles.ts"
import type { Host, Json, JsonObject, ResourceProvider } from "../host.ts"
import { matchesPattern } from "../iam/patterns.ts"
import { objectOf, textOf } from "../json.ts"
import { unzip } from "../lambda/zip.ts"
import type { ObjectStore } from "./objectStore.ts"

/**
 * CDK's `BucketDeployment`, whose own provider is Python with the AWS command line: puts the files of assets into a bucket and takes
 * away what is not among them. As on AWS it works again only when its properties change.
 */
export function bucketDeployments(host: Host, objects: ObjectStore): ResourceProvider {
  const done = host.durable<string>("s3.deployments")

  return {
    honours: ["*"],
    create: async ({ stackName, logicalId, properties, physicalName }) => {
      const key = `${stackName}/${logicalId}`
      const asked = JSON.stringify(properties)
      if (done.get(key) !== asked) {
        await deploy(host, objects, properties)
        done.set(key, asked)
      }
      const arn = textOf(properties.DestinationBucketArn) ?? `arn:aws:s3:::${properties.DestinationBucketName}`
      const keys = isOff(properties.OutputObjectKeys) ? [] : (properties.SourceObjectKeys ?? [])
      return { ref: physicalName, attributes: { DestinationBucketArn: arn, SourceObjectKeys: keys } }
    },
  }
}

async function deploy(host: Host, objects: ObjectStore, properties: JsonObject): Promise<void> {
  const bucket = String(properties.DestinationBucketName)
  const prefix = prefixOf(textOf(properties.DestinationBucketKeyPrefix) ?? "")
  const files = await contentsOf(host, properties)
  const type = textOf(objectOf(properties.SystemMetadata)["content-type"])
  const metadata = Object.entries(objectOf(properties.UserMetadata)).map(([name, value]) => [name.toLowerCase(), value])
  const isLeftOut = (name: string) => matchesAny(properties.Exclude, name) && !matchesAny(properties.Include, name)

  for (const [name, bytes] of files)
    if (!isLeftOut(name))
      objects.put(bucket, prefix + name, bytes, type ?? contentTypeOf(name), Object.fromEntries(metadata))

  if (isOff(properties.Prune)) return
  for (const { key } of objects.list(bucket)) {
    const name = key.slice(prefix.length)
    if (key.startsWith(prefix) && !files.has(name) && !isLeftOut(name)) objects.delete(bucket, key)
  }
}

/** The files of all sources by their path; a later source wins. */
async function contentsOf(host: Host, properties: JsonObject): Promise<Map<string, Buffer>> {
  const { SourceBucketNames, SourceObjectKeys, SourceMarkers, SourceMarkersConfig } = properties
  const files = new Map<string, Buffer>()
  for (const [index, key] of texts(SourceObjectKeys).entries()) {
    const path = host.assets.resolve(texts(SourceBucketNames)[index] ?? "", key)
    const markers = objectOf(at(SourceMarkers, index))
    const isJson = !isOff(objectOf(at(SourceMarkersConfig, index)).jsonEscape ?? false)
    const found = isOff(properties.Extract) ? new Map([[basename(key), readFileSync(path)]]) : await unpacked(path)
    for (const [name, bytes] of found) files.set(name, withMarkers(bytes, markers, isJson))
  }
  return files
}

async function unpacked(path: string): Promise<Map<string, Buffer>> {
  if (statSync(path).isDirectory()) return filesBelow(path)
  const folder = await mkdtemp(join(tmpdir(), "foldline-deployment-"))
  try {
    unzip(path, folder)
    return filesBelow(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function filesBelow(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = entries.map(entry => join(entry.parentPath, entry.name))
  return new Map(paths.map(path => [relative(folder, path).replaceAll(sep, "/"), readFileSync(path)]))
}

/** CDK writes a marker where a value is known only when the stack is made. */
function withMarkers(bytes: Buffer, markers: JsonObject, isJson: boolean): Buffer {
  const entries = Object.entries(markers)
  if (entries.length === 0) return bytes
  const written = (value: Json) => (isJson ? JSON.stringify(String(value)).slice(1, -1) : String(value))
  return Buffer.from(
    entries.reduce((text, [marker, value]) => text.replaceAll(marker, () => written(value)), bytes.toString()),
  )
}

const prefixOf = (given: string) => (given === "" || given === "/" ? "" : given.replace(/\/?$/, "/"))
const texts = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : [])
const at = (value: Json | undefined, index: number) => (Array.isArray(value) ? value[index] : undefined)
const isOff = (value: Json | undefined) => String(value) === "false"
const matchesAny = (patterns: Json | undefined, name: string) =>
  texts(patterns).some(pattern => matchesPattern(pattern, name))
