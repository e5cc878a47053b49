import { util } from "@aws-appsync/utils"

/** A part of a key, encoded as `encodeURIComponent` does, which APPSYNC_JS lacks. */
export function encoded(value: unknown): string {
  return util
    .urlEncode(`${value}`)
    .replaceAll("[+]", "%20")
    .replaceAll("%21", "!")
    .replaceAll("%27", "'")
    .replaceAll("%28", "(")
    .replaceAll("%29", ")")
    .replaceAll("%7E", "~")
}

/** Is a field of the key missing, so that nothing can be found? */
export function lacksKey(fields: Record<string, unknown> | null, partition: string[]): boolean {
  if (!fields) return true
  return partition.some(field => fields[field] === null || fields[field] === undefined)
}

/** `<first field>/<name>/<further fields>`. */
export function partitionKey(name: string, fields: string[], values: Record<string, unknown> | null): string {
  const parts = fields.map(field => encoded(values ? values[field] : null))
  return [parts[0], name, ...parts.slice(1)].join("/")
}

/** A value as unique pointers hold it. */
export function normalized(value: unknown): string {
  return util.str.normalize(`${value}`, "nfkc").trim().toLowerCase()
}
