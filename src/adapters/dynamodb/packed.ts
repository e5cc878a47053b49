import { deflateRawSync, inflateRawSync } from "node:zlib"

/** Text as it is stored where each kilobyte costs a write unit, twice in a transaction. */
export const pack = (text: string): Uint8Array => deflateRawSync(text)

/** The text of a packed attribute. Throws when it is neither packed nor text. */
export function unpack(stored: unknown): string {
  if (typeof stored === "string") return stored
  if (stored instanceof Uint8Array) return inflateRawSync(stored).toString("utf8")
  throw new TypeError("the attribute is neither text nor packed text")
}
