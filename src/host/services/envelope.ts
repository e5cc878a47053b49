import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { AwsError, type JsonObject } from "../host.ts"

const version = 1
const keyIdBytes = 16
const ivBytes = 12
const tagBytes = 16
const headerBytes = 1 + keyIdBytes + ivBytes + tagBytes

/** AES-256-GCM under a KMS key; the blob names the key, and the encryption context must be the same again to open it. */
export function seal(keyId: string, material: Buffer, plaintext: Buffer, context: JsonObject): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv("aes-256-gcm", material, iv).setAAD(bound(context))
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([
    Buffer.from([version]),
    Buffer.from(keyId.replaceAll("-", ""), "hex"),
    iv,
    cipher.getAuthTag(),
    sealed,
  ])
}

/** Id of the key that a blob was sealed with. Throws AwsError InvalidCiphertextException. */
export function keyIdOf(blob: Buffer): string {
  if (blob.length < headerBytes || blob[0] !== version) throw invalidCiphertext()
  const hex = blob.subarray(1, 1 + keyIdBytes).toString("hex")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}

/** Throws AwsError InvalidCiphertextException when blob, key or encryption context do not fit. */
export function open(material: Buffer, blob: Buffer, context: JsonObject): Buffer {
  const iv = blob.subarray(1 + keyIdBytes, 1 + keyIdBytes + ivBytes)
  const tag = blob.subarray(headerBytes - tagBytes, headerBytes)
  const decipher = createDecipheriv("aes-256-gcm", material, iv).setAAD(bound(context)).setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(blob.subarray(headerBytes)), decipher.final()])
  } catch {
    throw invalidCiphertext()
  }
}

function bound(context: JsonObject): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))))
}

function invalidCiphertext(): AwsError {
  return new AwsError("InvalidCiphertextException", "UnknownError")
}
