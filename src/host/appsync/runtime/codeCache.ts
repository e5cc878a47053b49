import type { Host } from "../../host.ts"
import type { CodeCache } from "./compileCode.ts"
import type { CheckedCode } from "./gate/checkCode.ts"

const caches = new WeakMap<Host, CodeCache>()

/** What a host knows about modules by their content; survives a restart on kept data, where nothing is then parsed again. */
export function codeCacheOf(host: Host): CodeCache {
  const known = caches.get(host)
  if (known !== undefined) return known
  const stored = host.durable<string>("appsync-code")
  const read = new Map<string, CheckedCode>()
  const cache: CodeCache = {
    get: key => {
      const text = read.has(key) ? undefined : stored.get(key)
      if (text !== undefined) read.set(key, JSON.parse(text))
      return read.get(key)
    },
    set: (key, value) => {
      read.set(key, value)
      stored.set(key, JSON.stringify(value))
    },
  }
  caches.set(host, cache)
  return cache
}
