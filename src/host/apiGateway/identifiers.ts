import { createHash } from "node:crypto"

/** An id as API Gateway makes them (ten small letters and digits), the same on every start. */
export const stableId = (name: string): string =>
  BigInt(`0x${createHash("sha256").update(name).digest("hex")}`)
    .toString(36)
    .slice(0, 10)
