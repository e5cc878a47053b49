const secretBytes = 32

/** A new secret: what makes an id a key. Only its maker ever knows it. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(secretBytes))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")
}

/** What programs send. */
export const keyText = (apiKeyId: string, secret: string) => `${apiKeyId}.${secret}`

/** What people know a key by, and support finds its requests by. */
export const shownPart = (apiKeyId: string) => apiKeyId.slice(0, 8)

const wholeKey = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.\S*$/i
const startOfKey = /^[0-9a-f]{8}-[0-9a-f-]{0,26}$/i

/** What to look for when somebody has more of a key in hand than its shown part: its id of a whole key, never the secret. */
export const findableText = (text: string) =>
  wholeKey.exec(text)?.[1] ?? (startOfKey.test(text) ? shownPart(text) : text)
