/** Events as they were stored once: each version of each event, sealed under a key that is no secret. */
import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { subjectCipher } from "../../src/adapters/personal/cipher.ts"
import type { StoredEvent } from "../../src/core/aggregate.ts"
import { mapPersonal } from "../../src/core/personal.ts"

/** A stored event and what was made of it when it was new. */
export interface Golden {
  /** Names of the golden files that come before it in its stream. */
  readonly after: readonly string[]
  /** As in the `data` of its row. */
  readonly data: unknown
  /** The state that it leads to, personal values as `{ subject, value }`. */
  readonly state: unknown
}

const root = fileURLToPath(new URL("./", import.meta.url))

/** Opens and seals with keys that anybody can derive. */
export const goldenCipher = subjectCipher({ keyOf: async subject => createHash("sha256").update(subject).digest() })

export const goldenFile = (context: string, name: string) => `${context}/${name}.json`

/** Reads a golden file; undefined when there is none. */
export function readGolden(context: string, name: string): Golden | undefined {
  const file = root + goldenFile(context, name)
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Golden) : undefined
}

/** The stored event of a golden file, opened. */
export async function goldenEvent(name: string, golden: Golden, version: number): Promise<StoredEvent> {
  const [type = "", schemaVersion = ""] = name.split(".v")
  const stream = "tenant-000000000000000001/golden/stream-000000000000000001"
  return {
    type,
    schemaVersion: Number(schemaVersion),
    data: (await goldenCipher.open(JSON.stringify(golden.data))) as Record<string, unknown>,
    info: {
      id: `${stream}/${version}`,
      stream,
      version,
      tenant: "tenant-000000000000000001",
      commandId: "command-00000000000000001",
      actor: "someone-0000000000000000",
      traceId: "trace-0000000000000000001",
      hops: 0,
      time: "2026-11-01T10:00:00.000Z",
    },
  }
}

/** Plain data to compare: personal values spelled out. */
export const plain = (state: unknown): unknown =>
  JSON.parse(JSON.stringify(mapPersonal(state, ({ subject, value }) => ({ subject, value }))))
