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
