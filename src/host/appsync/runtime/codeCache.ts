import { createHash, randomUUID } from "node:crypto"
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { cacheFolder } from "../../cacheFolder.ts"
import type { CheckedCode } from "./gate/checkCode.ts"

const gateFolder = fileURLToPath(new URL("./gate", import.meta.url))
const require = createRequire(import.meta.url)

/** What is known about modules by their content: a later start, of whatever data, neither parses nor checks them again. */
export interface CodeCache {
  get(code: string): CheckedCode | undefined
  set(code: string, checked: CheckedCode): void
}

/** Opens the cache beside the installed packages. A file that cannot be read or written costs time, nothing else. */
export function openCodeCache(): CodeCache {
  const folder = cacheFolder("checked")
  const gate = gateFingerprint()
  const read = new Map<string, CheckedCode>()
  const keyOf = (code: string) => createHash("sha256").update(gate).update(code).digest("hex")
  return {
    get(code) {
      const key = keyOf(code)
      const known = read.get(key) ?? (folder === undefined ? undefined : readChecked(join(folder, key)))
      if (known !== undefined) read.set(key, known)
      return known
    },
    set(code, checked) {
      const key = keyOf(code)
      read.set(key, checked)
      if (folder !== undefined) writeWhole(join(folder, key), JSON.stringify(checked))
    },
  }
}

/** Changes with whatever an answer depends on besides the code: the gate itself, TypeScript, and the types of AppSync's functions. */
function gateFingerprint(): string {
  const hash = createHash("sha256")
  for (const name of readdirSync(gateFolder).sort()) hash.update(readFileSync(join(gateFolder, name)))
  hash.update(readFileSync(fileURLToPath(new URL("./moduleScript.ts", import.meta.url))))
  for (const name of ["typescript", "@aws-appsync/utils"]) hash.update(require(`${name}/package.json`).version)
  return hash.digest("hex")
}

function readChecked(file: string): CheckedCode | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch {
    return undefined
  }
}

function writeWhole(file: string, text: string): void {
  const part = `${file}.${randomUUID()}`
  try {
    writeFileSync(part, text)
    renameSync(part, file)
  } catch {}
}
