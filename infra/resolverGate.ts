import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** What the verdict on the resolvers depends on: they themselves, the rules, and the versions of both checkers. */
const inputs = ["resolvers", "eslint.config.js", "src/model/resolverGate.ts", "package-lock.json"]

/** What AppSync would refuse of the resolvers, one line each. A clean verdict is kept in `.foldline` until an input changes. */
export async function changedResolverFaults(root: string): Promise<readonly string[]> {
  const stamp = join(root, ".foldline", "resolvers.sha256")
  const wanted = hashOf(inputs.flatMap(input => filesIn(join(root, input))))
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return []
  const { resolverFaults } = await import("../src/model/resolverGate.ts")
  const faults = await resolverFaults()
  if (faults.length > 0) return faults
  mkdirSync(join(root, ".foldline"), { recursive: true })
  writeFileSync(stamp, wanted)
  return []
}

const filesIn = (path: string): readonly string[] =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path)
        .sort()
        .flatMap(name => filesIn(join(path, name)))

function hashOf(paths: readonly string[]): string {
  const hash = createHash("sha256")
  for (const path of paths) hash.update(`${path}\n`).update(readFileSync(path))
  return hash.digest("hex")
}
