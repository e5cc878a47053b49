import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { inflateRawSync } from "node:zlib"

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const stored = 0
const deflated = 8

/** Unpacks a zip file (stored and deflated entries, no zip64) into a folder; throws an Error naming the file when it is not one. */
export function unzip(file: string, folder: string): void {
  const zip = readFileSync(file)
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || zip.readUInt32LE(end) !== endSignature) throw new Error(`${file} is not a zip file`)
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== entrySignature) throw new Error(`${file} is a damaged zip file`)
    const nameLength = zip.readUInt16LE(at + 28)
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength)
    writeEntry(path.join(folder, safe(name, file)), name, contentOf(zip, at, file))
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
}

function contentOf(zip: Buffer, entry: number, file: string): Buffer {
  const method = zip.readUInt16LE(entry + 10)
  const size = zip.readUInt32LE(entry + 20)
  const local = zip.readUInt32LE(entry + 42)
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  const content = zip.subarray(start, start + size)
  if (method === stored) return content
  if (method === deflated) return inflateRawSync(content)
  throw new Error(`${file} uses compression method ${method}; make it with deflate`)
}

function safe(name: string, file: string): string {
  const normal = path.posix.normalize(name.replaceAll("\\", "/"))
  if (normal.startsWith("..") || path.posix.isAbsolute(normal)) throw new Error(`${file} holds an unsafe path: ${name}`)
  return normal
}

function writeEntry(target: string, name: string, content: Buffer): void {
  if (name.endsWith("/")) return void mkdirSync(target, { recursive: true })
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, content)
}
