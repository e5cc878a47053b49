import { createReadStream, existsSync, statSync } from "node:fs"
import type { ServerResponse } from "node:http"
import { extname, join, normalize, sep } from "node:path"

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
}

/** The content type that a file's name tells. */
export const contentTypeOf = (name: string): string => contentTypes[extname(name)] ?? "application/octet-stream"

/** Sends a file of a folder; a path without extension gets `index.html`, as a single-page app needs. False when there is nothing to send. */
export function sendStatic(folder: string, path: string, response: ServerResponse): boolean {
  const wanted = join(folder, normalize(decode(path)))
  if (!wanted.startsWith(folder.endsWith(sep) ? folder : folder + sep) && wanted !== folder) return false
  const isPage = extname(wanted) === "" || !isFile(wanted)
  const file = isPage && extname(wanted) === "" ? join(folder, "index.html") : wanted
  if (!isFile(file)) return false
  const immutable = /[.-][\w-]{8,}\.\w+$/.test(file)
  response.writeHead(200, {
    "content-type": contentTypeOf(file),
    "cache-control": immutable ? "public, max-age=31536000, immutable" : "no-cache",
  })
  createReadStream(file).pipe(response)
  return true
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return "/"
  }
}
