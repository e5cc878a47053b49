/** Headers and readable parts of an RFC 5322 message; parts in quoted-printable or base64 are decoded. */
export function parseRawMail(raw: string): {
  from: string
  to: string[]
  subject: string
  text: string
  html?: string
} {
  const { headers, body } = split(raw)
  const parts = leaves(headers, body)
  const html = parts.find(part => part.type === "text/html")?.content
  return {
    from: headers.get("from") ?? "",
    to: ["to", "cc", "bcc"].flatMap(name => headers.get(name)?.split(",") ?? []).map(address => address.trim()),
    subject: decodeWords(headers.get("subject") ?? ""),
    text: parts.find(part => part.type === "text/plain")?.content ?? "",
    ...(html !== undefined && { html }),
  }
}

function split(raw: string): { headers: Map<string, string>; body: string } {
  const [, head = raw, body = ""] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(raw) ?? []
  const lines = head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(":")
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { headers: new Map(pairs), body }
}

function leaves(headers: Map<string, string>, body: string): { type: string; content: string }[] {
  const contentType = headers.get("content-type") ?? "text/plain"
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (boundary === undefined)
    return [{ type: contentType.split(";")[0]?.trim().toLowerCase() ?? "", content: decodeBody(headers, body) }]
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap(part => {
      const inner = split(part.replace(/^\r?\n/, ""))
      return leaves(inner.headers, inner.body)
    })
}

function decodeBody(headers: Map<string, string>, body: string): string {
  const encoding = headers.get("content-transfer-encoding")?.toLowerCase()
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8")
  return encoding === "quoted-printable" ? quotedPrintable(body.replace(/=\r?\n/g, "")) : body
}

function quotedPrintable(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, "latin1").toString("utf8")
}

function decodeWords(text: string): string {
  return text.replace(/=\?[^?]+\?([BQ])\?([^?]*)\?=/gi, (_, encoding: string, word: string) =>
    encoding.toUpperCase() === "B"
      ? Buffer.from(word, "base64").toString("utf8")
      : quotedPrintable(word.replaceAll("_", " ")),
  )
}
