/** A small, even spread of strings over so many shards (FNV-1a). */
export function shardOf(text: string, shards: number): number {
  let hash = 2_166_136_261
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0
  return hash % shards
}
