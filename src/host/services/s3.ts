import { createHash } from "node:crypto"
import { unescapeXml } from "../endpoint/xml.ts"
import { type AwsCall, AwsError, type AwsReply, type Host, type JsonObject, type Service } from "../host.ts"
import { objectOf, textOf } from "../json.ts"
import { bucketDeployments } from "./bucketDeployment.ts"
import { openObjectStore, type StoredObject } from "./objectStore.ts"
import { createMultipartUploads } from "./s3Multipart.ts"
import { bucketNotifications, createS3Notifications } from "./s3Notifications.ts"
import { xmlDocument } from "./s3Xml.ts"

const listMax = 1000

/** S3 with buckets from the template and by calls: put, in parts too, get, head, delete, copy and list objects. Bytes lie in the data folder. */
export function createS3Service(host: Host): Service {
  const objects = openObjectStore(host)
  const notifications = createS3Notifications(host)
  const uploads = createMultipartUploads(objects, object =>
    notifications.tell("ObjectCreated:CompleteMultipartUpload", object),
  )
  /** Buckets that calls made. */
  const made = host.durable<string>("s3.buckets")
  const buckets = new Map<string, { policy?: JsonObject }>([...made.entries()].map(([name]) => [name, {}]))

  const authorize = (call: AwsCall, action: string, bucket: string, key?: string) => {
    const arn = `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`
    const known = buckets.get(bucket)
    if (!host.iam.allowsByResourcePolicy(known?.policy, { principal: call.principal }, action, arn))
      host.iam.authorize(call.principal, action, arn)
    if (known === undefined) throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404)
  }

  const existing = (bucket: string, key: string): StoredObject => {
    const object = objects.get(bucket, key)
    if (object === undefined) throw new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key })
    return object
  }

  const put = (call: AwsCall, bucket: string, key: string): AwsReply => {
    authorize(call, "s3:PutObject", bucket, key)
    const source = call.headers["x-amz-copy-source"]
    if (source !== undefined) return copy(call, decodeURIComponent(source).replace(/^\//, ""), bucket, key)
    const stored = objects.put(bucket, key, bytesOf(call), call.headers["content-type"], metadataOf(call))
    notifications.tell("ObjectCreated:Put", stored)
    return { headers: { etag: stored.etag }, body: "" }
  }

  const copy = (call: AwsCall, source: string, bucket: string, key: string): AwsReply => {
    const [sourceBucket = "", ...rest] = source.split("/")
    authorize(call, "s3:GetObject", sourceBucket, rest.join("/"))
    const { contentType, metadata } = existing(sourceBucket, rest.join("/"))
    const stored = objects.put(bucket, key, objects.read(sourceBucket, rest.join("/")), contentType, metadata)
    notifications.tell("ObjectCreated:Copy", stored)
    return xmlDocument("CopyObjectResult", { ETag: stored.etag, LastModified: stored.modifiedAt })
  }

  const get = (call: AwsCall, bucket: string, key: string): AwsReply => {
    authorize(call, "s3:GetObject", bucket, key)
    const { etag, contentType, modifiedAt, metadata, size } = existing(bucket, key)
    const headers = {
      etag,
      "content-type": contentType,
      "last-modified": new Date(modifiedAt).toUTCString(),
      ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    }
    if (call.method === "HEAD") return { headers: { ...headers, "content-length": String(size) }, body: "" }
    const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(call.headers.range ?? "") ?? []
    if (from === "" && to === "") return { headers, body: objects.read(bucket, key) }
    const start = from === "" ? Math.max(0, size - Number(to)) : Number(from)
    const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1)
    if (start > end) throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416)
    const range = { ...headers, "content-range": `bytes ${start}-${end}/${size}` }
    return { status: 206, headers: range, body: objects.read(bucket, key).subarray(start, end + 1) }
  }

  const remove = (call: AwsCall, bucket: string, key: string): void => {
    authorize(call, "s3:DeleteObject", bucket, key)
    const isThere = objects.get(bucket, key) !== undefined
    objects.delete(bucket, key)
    if (isThere) notifications.tell("ObjectRemoved:Delete", { bucket, key })
  }

  const list = (call: AwsCall, bucket: string): AwsReply => {
    authorize(call, "s3:ListBucket", bucket)
    const { query } = call
    const prefix = query.get("prefix") ?? ""
    const delimiter = query.get("delimiter") ?? ""
    const after = query.get("continuation-token") ?? query.get("start-after") ?? ""
    const max = Math.min(Number(query.get("max-keys") ?? listMax), listMax)
    const found = objects.list(bucket).filter(({ key }) => key.startsWith(prefix) && key > after)
    const page = found.slice(0, max)
    const folderOf = (key: string) => {
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length)
      return end < 0 ? undefined : key.slice(0, end + delimiter.length)
    }
    const folders = new Set(page.flatMap(({ key }) => folderOf(key) ?? []))
    return xmlDocument("ListBucketResult", {
      Name: bucket,
      Prefix: prefix,
      KeyCount: page.length,
      MaxKeys: max,
      IsTruncated: found.length > max,
      ...(found.length > max && { NextContinuationToken: page.at(-1)?.key ?? "" }),
      Contents: page
        .filter(({ key }) => folderOf(key) === undefined)
        .map(({ key, etag, size, modifiedAt }) => ({
          Key: key,
          LastModified: modifiedAt,
          ETag: etag,
          Size: size,
          StorageClass: "STANDARD",
        })),
      CommonPrefixes: [...folders].map(Prefix => ({ Prefix })),
    })
  }

  const onObject = (call: AwsCall, bucket: string, key: string): AwsReply => {
    refuseSubresource(call, "an object")
    if (call.query.has("uploads") || call.query.has("uploadId")) {
      const isRead = call.method === "GET"
      const action = isRead
        ? "s3:ListMultipartUploadParts"
        : call.method === "DELETE"
          ? "s3:AbortMultipartUpload"
          : "s3:PutObject"
      authorize(call, action, bucket, key)
      return uploads.handle(call, bucket, key, bytesOf(call))
    }
    if (call.method === "PUT") return put(call, bucket, key)
    if (call.method === "GET" || call.method === "HEAD") return get(call, bucket, key)
    if (call.method !== "DELETE") throw notSupported(`${call.method} of an object`)
    remove(call, bucket, key)
    return { status: 204, body: "" }
  }

  const deleteMany = (call: AwsCall, bucket: string): AwsReply => {
    const text = bytesOf(call).toString("utf8")
    const keys = [...text.matchAll(/<Key>([\s\S]*?)<\/Key>/g)].map(([, key = ""]) => unescapeXml(key))
    for (const key of keys) remove(call, bucket, key)
    const isQuiet = /<Quiet>\s*true/.test(text)
    return xmlDocument("DeleteResult", { Deleted: isQuiet ? [] : keys.map(Key => ({ Key })) })
  }

  const listBuckets = (call: AwsCall): AwsReply => {
    host.iam.authorize(call.principal, "s3:ListAllMyBuckets", "*")
    return xmlDocument("ListAllMyBucketsResult", { Buckets: { Bucket: [...buckets.keys()].map(Name => ({ Name })) } })
  }

  const createBucket = (call: AwsCall, bucket: string): AwsReply => {
    host.iam.authorize(call.principal, "s3:CreateBucket", `arn:aws:s3:::${bucket}`)
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
      throw new AwsError("InvalidBucketName", "The specified bucket is not valid.")
    if (buckets.has(bucket)) {
      const message = "Your previous request to create the named bucket succeeded and you already own it."
      throw new AwsError("BucketAlreadyOwnedByYou", message, 409)
    }
    made.set(bucket, new Date(host.clock.now()).toISOString())
    buckets.set(bucket, {})
    return { headers: { location: `/${bucket}` }, body: "" }
  }

  const deleteBucket = (call: AwsCall, bucket: string): AwsReply => {
    authorize(call, "s3:DeleteBucket", bucket)
    if (objects.list(bucket).length > 0)
      throw new AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409)
    made.delete(bucket)
    buckets.delete(bucket)
    return { status: 204, body: "" }
  }

  const onBucket = (call: AwsCall, bucket: string): AwsReply => {
    if (call.method === "GET" && call.query.has("versioning")) {
      authorize(call, "s3:GetBucketVersioning", bucket)
      return xmlDocument("VersioningConfiguration", "")
    }
    refuseSubresource(call, "a bucket")
    if (call.method === "PUT") return createBucket(call, bucket)
    if (call.method === "DELETE") return deleteBucket(call, bucket)
    if (call.method === "GET" && call.query.has("location")) {
      authorize(call, "s3:GetBucketLocation", bucket)
      return xmlDocument("LocationConstraint", host.region)
    }
    if (call.method === "GET") return list(call, bucket)
    if (call.method === "POST" && call.query.has("delete")) return deleteMany(call, bucket)
    if (call.method !== "HEAD") throw notSupported(`${call.method} of a bucket`)
    authorize(call, "s3:ListBucket", bucket)
    return { headers: { "x-amz-bucket-region": host.region }, body: "" }
  }

  return {
    name: "s3",
    signingNames: ["s3"],
    handle: async call => {
      const [bucket = "", ...rest] = call.path.slice(1).split("/")
      const key = decodeURIComponent(rest.join("/"))
      if (bucket === "") return listBuckets(call)
      return key === "" ? onBucket(call, bucket) : onObject(call, bucket, key)
    },
    resources: {
      "AWS::S3::Bucket": {
        create: ({ properties, physicalName }) => {
          const name = textOf(properties.BucketName) ?? physicalName.toLowerCase()
          buckets.set(name, {})
          notifications.configure(name, properties.NotificationConfiguration)
          return { ref: name, attributes: bucketAttributes(name, host.region) }
        },
        honours: ["BucketName", "NotificationConfiguration"],
        indifferent: [
          "BucketEncryption",
          "LifecycleConfiguration",
          "LoggingConfiguration",
          "OwnershipControls",
          "PublicAccessBlockConfiguration",
          "AccessControl",
          "Tags",
        ],
      },
      "AWS::S3::BucketPolicy": {
        create: ({ properties, physicalName }) => {
          buckets.set(String(properties.Bucket), { policy: objectOf(properties.PolicyDocument) })
          return { ref: physicalName }
        },
        honours: ["Bucket", "PolicyDocument"],
      },
      "Custom::CDKBucketDeployment": bucketDeployments(host, objects),
      "Custom::S3BucketNotifications": bucketNotifications(notifications),
    },
  }
}

const subresources =
  "accelerate acl analytics attributes cors encryption intelligent-tiering inventory legal-hold lifecycle logging metrics notification object-lock ownershipControls policy policyStatus publicAccessBlock replication requestPayment restore retention select tagging torrent versioning versions website"

/** What S3 keeps beside objects and buckets is not here; the call must not be taken for one of the object itself. */
function refuseSubresource({ method, query }: AwsCall, of: string): void {
  const name = subresources.split(" ").find(one => query.has(one))
  if (name !== undefined) throw notSupported(`${method} ?${name} of ${of}`)
}

const bucketAttributes = (name: string, region: string) => ({
  Arn: `arn:aws:s3:::${name}`,
  DomainName: `${name}.s3.amazonaws.com`,
  RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
  DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
  // The older regions write a dash after `s3-website`, the others a dot.
  WebsiteURL: `http://${name}.s3-website${dashRegions.test(region) ? "-" : "."}${region}.amazonaws.com`,
})

const dashRegions = /^(us-(east-1|west-[12])|ap-southeast-[12]|ap-northeast-1|eu-west-1|sa-east-1|us-gov-west-1)$/

function notSupported(what: string): AwsError {
  return new AwsError("NotImplemented", `S3 ${what} is not supported by this host`, 501)
}

function metadataOf({ headers }: AwsCall): Record<string, string> {
  const prefix = "x-amz-meta-"
  const entries = Object.entries(headers).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]))
}

/** The body, with the chunk headers of `aws-chunked` taken out. Throws AwsError BadDigest when Content-MD5 does not fit. */
function bytesOf({ headers, body }: AwsCall): Buffer {
  const isChunked =
    headers["content-encoding"]?.includes("aws-chunked") || headers["x-amz-content-sha256"]?.startsWith("STREAMING-")
  const bytes = isChunked ? unchunk(body) : body
  const md5 = headers["content-md5"]
  if (md5 !== undefined && md5 !== createHash("md5").update(bytes).digest("base64"))
    throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.")
  return bytes
}

function unchunk(body: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf("\r\n", at)
    const size = Number.parseInt(body.toString("latin1", at, lineEnd), 16)
    if (lineEnd < 0 || !(size > 0)) break
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(chunks)
}
