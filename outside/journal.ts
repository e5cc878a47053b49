import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs"
import { dirname } from "node:path"

/** Facts that survive a kill: replayed when the stand-in starts, then appended to. Without a path they are in memory only. */
export function openJournal<Fact>(path: string | undefined, apply: (fact: Fact) => void): (fact: Fact) => void {
  if (path !== undefined && existsSync(path))
    for (const line of readFileSync(path, "utf8").split("\n")) {
      const fact = whole<Fact>(line)
      if (fact !== undefined) apply(fact)
    }
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true })
  return fact => {
    apply(fact)
    if (path !== undefined) appendFileSync(path, `${JSON.stringify(fact)}\n`)
  }
}

/** A kill may have cut the last line. */
function whole<Fact>(line: string): Fact | undefined {
  try {
    return line === "" ? undefined : (JSON.parse(line) as Fact)
  } catch {
    return undefined
  }
}
