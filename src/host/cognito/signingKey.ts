import { createHash } from "node:crypto"
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose"
import type { DurableMap } from "../durable.ts"
import type { Json } from "../host.ts"

export interface SigningKey {
  readonly id: string
  readonly privateKey: CryptoKey | Uint8Array
  readonly publicKey: CryptoKey | Uint8Array
  /** The public part as the key set shows it. */
  readonly jwk: { readonly [name: string]: Json }
}

/** The issuer's RS256 key: made once for a data folder, and kept there. */
export async function loadSigningKey(stored: DurableMap<string>): Promise<SigningKey> {
  const kept = stored.get("RS256") ?? (await makeKey())
  stored.set("RS256", kept)
  const jwk: JWK = JSON.parse(kept)
  const { n = "", e = "" } = jwk
  const id = createHash("sha256").update(n).digest("base64")
  const open = { kty: "RSA", n, e }
  return {
    id,
    privateKey: await importJWK(jwk, "RS256"),
    publicKey: await importJWK(open, "RS256"),
    jwk: { alg: "RS256", kid: id, use: "sig", ...open },
  }
}

async function makeKey(): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true })
  return JSON.stringify(await exportJWK(privateKey))
}
