import { isRecord, type Run } from "../run.ts"

const headersBytesMax = 4096
const hopHeaders = new Set([
  "host",
  "connection",
  "user-agent",
  "expectation",
  "transfer-encoding",
  "content-length",
  "cookie",
])

const restricted = (name: string): boolean => /^x-amzn?-/i.test(name) || hopHeaders.has(name.toLowerCase())

/** `util.http`: response headers are collected for the whole GraphQL operation, at most 4 KB, none of AWS's own. */
export function http(run: () => Run) {
  const addResponseHeader = (name: string, value: unknown): void => {
    if (restricted(name)) throw new Error(`Header ${name} is restricted`)
    const headers = { ...run().responseHeaders, [name]: typeof value === "string" ? value : JSON.stringify(value) }
    if (Buffer.byteLength(Object.entries(headers).flat().join("")) > headersBytesMax) {
      throw new Error("Response headers are larger than 4 KB")
    }
    Object.assign(run().responseHeaders, headers)
  }
  return {
    copyHeaders: (headers: unknown) =>
      isRecord(headers) ? Object.fromEntries(Object.entries(headers).filter(([name]) => !restricted(name))) : {},
    addResponseHeader,
    addResponseHeaders: (headers: unknown) => {
      if (isRecord(headers)) for (const [name, value] of Object.entries(headers)) addResponseHeader(name, value)
    },
  }
}
