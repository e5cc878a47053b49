import { createHash } from "node:crypto"
import type { JsonObject } from "../host.ts"
import { objectOf, textOf } from "../json.ts"

/** MD5 of a message body as SQS answers it: hex of the UTF-8 text's digest. */
export function bodyDigest(body: string): string {
  return createHash("md5").update(body).digest("hex")
}

/** MD5 of message attributes [SQS developer guide, "Calculating the MD5 message digest"]: sorted by name, each part after its length. Undefined for none. */
export function attributesDigest(attributes: JsonObject): string | undefined {
  const names = Object.keys(attributes).sort()
  if (names.length === 0) return undefined
  const hash = createHash("md5")
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = objectOf(attributes[name])
    part(Buffer.from(name))
    part(Buffer.from(textOf(DataType) ?? ""))
    const isBinary = textOf(DataType)?.startsWith("Binary") === true
    hash.update(Buffer.from([isBinary ? 2 : 1]))
    part(isBinary ? Buffer.from(textOf(BinaryValue) ?? "", "base64") : Buffer.from(textOf(StringValue) ?? ""))
  }
  return hash.digest("hex")
}
