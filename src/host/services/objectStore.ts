import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Host } from "../host.ts"

export type StoredObject = {
  bucket: string
  key: string
  etag: string
  size: number
  contentType: string
  modifiedAt: string
  metadata: Record<string, string>
}

export type ObjectStore = ReturnType<typeof openObjectStore>

/** Objects by bucket and key: what they are is in a journal, their bytes are in a file each. */
export function openObjectStore(host: Host) {
  const index = host.durable<StoredObject>("s3")
  const folder = join(host.dataFolder, "s3")
  const id = (bucket: string, key: string) => `${bucket}/${key}`
  const fileOf = (bucket: string, key: string) =>
    join(folder, createHash("sha256").update(id(bucket, key)).digest("hex"))

  return {
    get: (bucket: string, key: string) => index.get(id(bucket, key)),
    read: (bucket: string, key: string) => readFileSync(fileOf(bucket, key)),
    put: (
      bucket: string,
      key: string,
      bytes: Buffer,
      contentType: string | undefined,
      metadata: Record<string, string>,
      etagOfParts?: string,
    ) => {
      mkdirSync(folder, { recursive: true })
      writeFileSync(fileOf(bucket, key), bytes)
      const etag = etagOfParts ?? `"${createHash("md5").update(bytes).digest("hex")}"`
      const modifiedAt = new Date(host.clock.now()).toISOString()
      const type = contentType ?? "application/octet-stream"
      const stored = { bucket, key, etag, size: bytes.length, contentType: type, modifiedAt, metadata }
      index.set(id(bucket, key), stored)
      return stored
    },
    delete: (bucket: string, key: string) => {
      index.delete(id(bucket, key))
      rmSync(fileOf(bucket, key), { force: true })
    },
    /** All objects of a bucket by key. */
    list: (bucket: string): StoredObject[] =>
      [...index.entries()]
        .map(([, object]) => object)
        .filter(object => object.bucket === bucket)
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
  }
}
