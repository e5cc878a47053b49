import { createHash, randomUUID } from "node:crypto"
import { type AwsCall, AwsError, type AwsReply } from "../host.ts"
import type { ObjectStore, StoredObject } from "./objectStore.ts"
import { xmlDocument } from "./s3Xml.ts"

const partsMax = 10_000
const partBytesMin = 5 * 1024 * 1024
const uploadsMax = 1000

interface Part {
  readonly etag: string
  readonly bytes: Buffer
}

interface Upload {
  readonly bucket: string
  readonly key: string
  readonly contentType: string | undefined
  readonly metadata: Record<string, string>
  readonly parts: Map<number, Part>
}

/** Uploads in parts; they are in memory until they are complete. */
export interface MultipartUploads {
  handle(call: AwsCall, bucket: string, key: string, bytes: Buffer): AwsReply
}

/** `completed` hears of each object that is put together. */
export function createMultipartUploads(
  objects: ObjectStore,
  completed: (object: StoredObject) => void,
): MultipartUploads {
  const uploads = new Map<string, Upload>()

  const create = ({ headers }: AwsCall, bucket: string, key: string): AwsReply => {
    const id = randomUUID().replaceAll("-", "")
    const prefix = "x-amz-meta-"
    const metadata = Object.entries(headers).filter(([name]) => name.startsWith(prefix))
    uploads.set(id, {
      bucket,
      key,
      contentType: headers["content-type"],
      metadata: Object.fromEntries(metadata.map(([name, value]) => [name.slice(prefix.length), value])),
      parts: new Map(),
    })
    const [oldest] = uploads.keys()
    if (uploads.size > uploadsMax && oldest !== undefined) uploads.delete(oldest)
    return xmlDocument("InitiateMultipartUploadResult", { Bucket: bucket, Key: key, UploadId: id })
  }

  const find = (id: string, bucket: string, key: string): Upload => {
    const upload = uploads.get(id)
    if (upload !== undefined && upload.bucket === bucket && upload.key === key) return upload
    throw new AwsError(
      "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      404,
    )
  }

  const putPart = (call: AwsCall, upload: Upload, bytes: Buffer): AwsReply => {
    const number = Number(call.query.get("partNumber"))
    if (!Number.isInteger(number) || number < 1 || number > partsMax) {
      throw new AwsError("InvalidArgument", `Part number must be an integer between 1 and ${partsMax}, inclusive`)
    }
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`
    upload.parts.set(number, { etag, bytes })
    return { headers: { etag }, body: "" }
  }

  const complete = (id: string, upload: Upload, body: string): AwsReply => {
    const wanted = [...body.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = ""]) => ({
      number: Number(/<PartNumber>\s*(\d+)/.exec(part)?.[1]),
      etag: /<ETag>(?:"|&quot;|&#34;)?([0-9a-f]+)/.exec(part)?.[1],
    }))
    if (wanted.length === 0) throw new AwsError("MalformedXML", "The XML you provided was not well-formed.")
    const parts = wanted.map(({ number, etag }) => {
      const part = upload.parts.get(number)
      if (part?.etag === `"${etag}"`) return part
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      )
    })
    if (wanted.some(({ number }, index) => number <= (wanted[index - 1]?.number ?? 0))) {
      throw new AwsError("InvalidPartOrder", "The list of parts was not in ascending order.")
    }
    if (parts.slice(0, -1).some(({ bytes }) => bytes.length < partBytesMin)) {
      throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
    }
    const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), "hex")))
    const etag = `"${createHash("md5").update(digests).digest("hex")}-${parts.length}"`
    const { bucket, key, contentType, metadata } = upload
    const whole = Buffer.concat(parts.map(({ bytes }) => bytes))
    completed(objects.put(bucket, key, whole, contentType, metadata, etag))
    uploads.delete(id)
    return xmlDocument("CompleteMultipartUploadResult", { Bucket: bucket, Key: key, ETag: etag })
  }

  const listParts = (id: string, { bucket, key, parts }: Upload): AwsReply =>
    xmlDocument("ListPartsResult", {
      Bucket: bucket,
      Key: key,
      UploadId: id,
      IsTruncated: false,
      Part: [...parts]
        .sort(([one], [other]) => one - other)
        .map(([PartNumber, { etag, bytes }]) => ({ PartNumber, ETag: etag, Size: bytes.length })),
    })

  return {
    handle: (call, bucket, key, bytes) => {
      if (call.method === "POST" && call.query.has("uploads")) return create(call, bucket, key)
      const id = call.query.get("uploadId") ?? ""
      const upload = find(id, bucket, key)
      if (call.method === "PUT") return putPart(call, upload, bytes)
      if (call.method === "POST") return complete(id, upload, bytes.toString("utf8"))
      if (call.method === "GET") return listParts(id, upload)
      uploads.delete(id)
      return { status: 204, body: "" }
    },
  }
}
