/** XML of nested objects: a list becomes `<member>` elements, or repeated elements when `flat` names its key. Undefined members are left out. */
export function xml(value: XmlValue, flat: readonly string[] = []): string {
  if (value === undefined) return ""
  if (Array.isArray(value)) return value.map(item => `<member>${xml(item, flat)}</member>`).join("")
  if (typeof value !== "object") return escapeXml(String(value))
  return Object.entries(value)
    .map(([key, member]) => {
      if (member === undefined) return ""
      const items = Array.isArray(member) && flat.includes(key) ? member : [member]
      return items.map(item => `<${key}>${xml(item, flat)}</${key}>`).join("")
    })
    .join("")
}

export type XmlValue = undefined | string | number | boolean | XmlValue[] | { [key: string]: XmlValue }

/** Entries of a map stand side by side. */
const mapEntries = ["entry"]

/** The answer of an AWS query service: `<ActionResponse><ActionResult>…`. */
export function queryReply(action: string, namespace: string, result: XmlValue, requestId: string): string {
  const metadata = xml({ ResponseMetadata: { RequestId: requestId } })
  return `<${action}Response xmlns="${namespace}"><${action}Result>${xml(result, mapEntries)}</${action}Result>${metadata}</${action}Response>`
}

export function errorXml(
  protocol: "query" | "restXml",
  code: string,
  message: string,
  status: number,
  requestId: string,
) {
  if (protocol === "restXml")
    return `<?xml version="1.0" encoding="UTF-8"?>${xml({ Error: { Code: code, Message: message, RequestId: requestId } })}`
  const error = { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message }
  return xml({ ErrorResponse: { Error: error, RequestId: requestId } })
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, char => `&#${char.charCodeAt(0)};`)
}

/** Text of an XML element as it is meant. */
export const unescapeXml = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(lt|gt|amp|quot|apos));/gi, (_, decimal, hex, name) =>
    name === undefined ? String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal ? 10 : 16)) : (named[name] ?? ""),
  )

const named: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }
