import { createHash } from "node:crypto"

const partMax = 24

/** A name as CloudFormation makes it when the template gives none, at most 62 characters; the same at every start. */
export function physicalName(stackName: string, logicalId: string): string {
  return `${stackName.slice(0, partMax)}-${logicalId.slice(0, partMax)}-${fingerprint(`${stackName}/${logicalId}`)}`
}

/** A UUID that depends on nothing but the text. */
export function stableUuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function fingerprint(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
  const bytes = createHash("sha256").update(text).digest()
  return Array.from(bytes.subarray(0, 12), byte => alphabet[byte % 32]).join("")
}
