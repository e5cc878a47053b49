import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs"
import { createRequire } from "node:module"
import path from "node:path"

/** Links every package of one node_modules folder into another that lacks it. */
export function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from).filter(name => !name.startsWith("."))) {
    const target = path.join(to, name)
    if (name.startsWith("@")) linkPackages(path.join(from, name), target)
    else if (!existsSync(target)) symlinkSync(path.join(from, name), target, "junction")
  }
}

const linked = new Map<string, Set<string>>()

/** Lambda's Node.js runtimes bring the AWS SDK; functions that leave it out of their bundle find the host's, and that of their app. */
export function provideSdk(root: string, asset: string | undefined): void {
  const sdk = createRequire(import.meta.url).resolve("@aws-sdk/client-dynamodb/package.json")
  const known = linked.get(root) ?? new Set()
  if (known.size === 0) rmSync(path.join(root, "node_modules"), { recursive: true, force: true })
  linked.set(root, known)
  const installed = [path.resolve(sdk, "../../.."), ...(asset === undefined ? [] : modulesAbove(asset))]
  for (const modules of installed) {
    for (const scope of ["@aws-sdk", "@smithy"]) {
      const from = path.join(modules, scope)
      if (known.has(from) || !existsSync(from)) continue
      known.add(from)
      linkPackages(from, path.join(root, "node_modules", scope))
    }
    const version2 = path.join(modules, "aws-sdk")
    if (known.has("aws-sdk") || !existsSync(version2)) continue
    known.add("aws-sdk")
    symlinkSync(version2, path.join(root, "node_modules/aws-sdk"), "junction")
  }
}

/** The node_modules folders beside and above an asset, nearest first. */
function modulesAbove(asset: string): string[] {
  const above = path.dirname(asset)
  const here = path.join(above, "node_modules")
  return [...(existsSync(here) ? [here] : []), ...(above === asset ? [] : modulesAbove(above))]
}
